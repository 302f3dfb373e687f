-- Benefits (definitions section 5; list law_benefit_amounts). Halves and partial amounts are in the list, never
-- computed.

-- Which of the listed amounts applies: bridging right goes by family charge, an informal carer's by full or partial
-- interruption. The extracts do not say that an interruption is partial: there a carer's month is expected in full.
create or replace macro benefit_variant(benefit, with_family_charge, is_partial := false) as
    case
        when benefit = 'bridging_right' and coalesce(with_family_charge, false) then 'family'
        when benefit = 'bridging_right' then 'single'
        when benefit = 'informal_carer' and coalesce(is_partial, false) then 'partial'
        else 'full'
    end;

-- Loi-programme of 26 December 2022 art. 198: the amount of one unit, reduced by a percentage, to the cent.
create or replace macro benefit_unit_amount(listed_amount, reduction_pct := 0) as
    cast(round(cast(listed_amount as decimal(14, 2)) * (1 - coalesce(reduction_pct, 0) * 0.01), 2) as decimal(14, 2));

-- Legal amount: units x the amount in force on the first day of the period.
create or replace macro benefit_amount(units, unit_amount) as
    cast(round(units * cast(unit_amount as decimal(14, 2)), 2) as decimal(18, 2));
