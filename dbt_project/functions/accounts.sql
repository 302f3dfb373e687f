-- Accounts and charges by their identifiers (ruling A14).

-- affiliate (A and 8 digits) or company (C and 8 digits).
create or replace macro account_type(account_id) as
    case when account_id like 'A%' then 'affiliate' else 'company' end;

-- Types that claim contributions (definitions, section 3); surcharges and costs are shown apart.
create or replace macro is_contribution(charge_type) as
    charge_type in ('provisional', 'regularisation', 'company_contribution');

-- The identifier of a charge, of its number (intermediate/ledger). A one in front, cut off again, pads with zeros.
create or replace macro charge_id_of(charge_no) as 'D' || substr(cast(charge_no + 1000000000000 as varchar), 2);
