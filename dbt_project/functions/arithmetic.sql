-- Exact arithmetic on money. Decimals are multiplied, never divided: the engine's division leaves them for floating
-- point. Rounding is half up, away from zero for what is negative.

-- Money times a decimal factor, to the cent. A product of two decimals of at most 18 digits may not have more, and
-- rounding a wider one costs fifty times as much (measured): only amounts from ten million on go that way, which no
-- factor of the law leads past 18 digits before.
create or replace macro to_the_cent(amount, factor) as
    case
        when abs(amount) >= 10000000
            then cast(round(cast(amount as decimal(20, 2)) * factor, 2) as decimal(18, 2))
        else cast(round(amount * factor, 2) as decimal(18, 2))
    end;

-- dividend / divisor to the cent, in whole numbers; both have at most 6 decimals, the divisor is above 0.
create or replace macro quotient(dividend, divisor) as
    sign(dividend) * 0.01 * cast(
        (
            200 * cast(cast(abs(dividend) as decimal(30, 6)) * 1000000 as hugeint)
            + cast(cast(divisor as decimal(30, 6)) * 1000000 as hugeint)
        ) // (2 * cast(cast(divisor as decimal(30, 6)) * 1000000 as hugeint))
        as decimal(24, 0)
    );

-- The same with 8 decimals, as factors are written; both have at most 2 decimals.
create or replace macro quotient_8(dividend, divisor) as quotient(dividend * 1000000, divisor) * 0.000001;
