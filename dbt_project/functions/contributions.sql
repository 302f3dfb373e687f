-- Contributions of affiliates (definitions section 3, rulings B5-B11). Amounts are EUR, of one quarter, without
-- management fee. `rules` is a row of int_law__contribution_rules, given by its alias: every threshold and rate of a
-- quarter and a category, to the cent.

-- AR 38 art. 11 §3 al. 3; B7: the income of the reference year brought to the contribution year, to the cent.
create or replace macro revalued_income(income, coefficient) as
    to_the_cent(income, cast(coefficient as decimal(10, 8)));

-- AR 38 art. 11 §5; B10: the income of a year with fewer than four quarters of liability brought to four, to the cent.
create or replace macro annualised_income(income, quarters) as
    cast(case when quarters = 4 then income else quotient(income * 4, quarters) end as decimal(18, 2));

-- AR 38 art. 12, 12bis, 13; B11: the part of an income that the rates apply to. 0 where nothing is due, raised to the
-- floor, or less the free part of a student. A starter's basis is taken as it is (B8: students from the first euro
-- too).
create or replace macro assessed_income(basis, rules, is_starter) as
    case
        when is_starter then basis
        when basis < rules.nothing_below_amount then 0
        when basis >= rules.as_main_from_amount then greatest(basis, rules.main_floor_amount)
        else greatest(basis, coalesce(rules.floor_amount, 0)) - coalesce(rules.free_up_to_amount, 0)
    end;

-- AR 38 art. 12 §1: a quarter of the two bands of rates, rounded to the cent; nothing above the second band. The income
-- is cut there before it is multiplied, so that the product stays in a machine word. Without rules (spouse_mini, B11)
-- it is cut at 0, because `least` passes over what is null, and the rates make it null.
create or replace macro contribution_of_bands(assessed, rules) as
    cast(round(
        cast(least(assessed, coalesce(rules.band1_amount, 0)) as decimal(9, 2)) * rules.quarter_rate_1
        + cast(
            greatest(least(assessed, coalesce(rules.band2_amount, 0)) - coalesce(rules.band1_amount, 0), 0)
            as decimal(9, 2)
        ) * rules.quarter_rate_2,
        2
    ) as decimal(14, 2));

-- AR 38 art. 12 §1bis; B9: taken off the first primo quarter, when the basis is below the minimum of a main occupation.
create or replace macro primo_discount(basis, rules, is_first_primo) as
    case
        when is_first_primo and basis < rules.main_floor_amount then coalesce(rules.discount_amount, 0)
        else 0
    end;

-- The contribution of one quarter, never below 0.
create or replace macro quarterly_contribution(basis, rules, is_first_primo := false, is_starter := false) as
    greatest(
        contribution_of_bands(assessed_income(basis, rules, is_starter), rules)
        - primo_discount(basis, rules, is_first_primo),
        0
    );

-- AR 38 art. 20 §4: the management fee on a rounded amount, rounded to the cent; no percentage, no fee.
create or replace macro management_fee(amount, percentage) as
    cast(coalesce(round(amount * percentage * 0.01, 2), 0) as decimal(14, 2));
