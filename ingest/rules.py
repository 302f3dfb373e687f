"""The rules that look at one row alone, as SQL made from its contract.

Here belongs how a type, a required field or a domain is checked (F3, F7, F8), in the order in
which the first broken one is told: type, required, domain, columns in contract order. Rules
between rows belong to `verify.py` (same key twice) and `judge.py` (references).

Each column is seen twice: as text, `"t_<name>"`, and typed, `"<name>"` (null when it does not fit).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from ingest.bounds import IDENTIFIER_CHARACTERS, TEXT_CHARACTERS
from ingest.codes import valid_codes
from ingest.contract import Column, Contract
from ingest.engine import has_form, quote, text
from ingest.texts import Said, said

ZONE = "Europe/Brussels"
# A local time that no clock showed is none; of one that comes twice the first is meant, where
# DuckDB takes the second.
MACROS = f"""
CREATE OR REPLACE TEMP MACRO brussels_instant(x) AS CASE
    WHEN timezone('{ZONE}', timezone('{ZONE}', x)) <> x THEN NULL
    WHEN timezone('{ZONE}', timezone('{ZONE}', x) - INTERVAL 1 HOUR) = x
    THEN timezone('{ZONE}', x) - INTERVAL 1 HOUR
    ELSE timezone('{ZONE}', x) END;
CREATE OR REPLACE TEMP MACRO is_enterprise_number(x) AS
    {has_form("x", "[01][0-9]{9}")} AND try_cast(x AS BIGINT) > 0
    AND (try_cast(substr(x, 1, 8) AS BIGINT) + try_cast(substr(x, 9, 2) AS BIGINT)) % 97 = 0;
CREATE OR REPLACE TEMP MACRO is_structured_communication(x) AS
    {has_form("x", "[0-9]{12}")}
    AND try_cast(x AS BIGINT) % 100 = (try_cast(x AS BIGINT) // 100 + 96) % 97 + 1;
"""

DUPLICATE = "duplicate_key"
OPERATIONS = ("U", "D")
_YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_DAY = _YEAR + "-[0-9]{2}-[0-9]{2}"
_MOMENT = _DAY + r"[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
_OFFSET = r"(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)"
# Type: the form its text must have (F7), and what a text of another form is not.
_FORMS = {
    "BOOLEAN": ("true|false", said("row.boolean")),
    "DATE": (_DAY, said("row.date")),
    "TIMESTAMP": (f"{_MOMENT}{_OFFSET}?", said("row.moment")),
    "INTEGER": ("-?[0-9]+", said("row.whole")),
}


@dataclass(frozen=True)
class Rule:
    """One rule of one column: `broken` is SQL, true when the row breaks it."""

    rule: str
    column: str
    says: Said
    broken: str
    for_deletes: bool


def typed(column: Column, comes_typed: bool = False,
          merged: Mapping[str, str] | None = None) -> str:
    """SQL of the typed value of a column, null when its text does not fit (never guessed).

    `merged` are codes that are stored as another one. A moment is stored as local time of
    Europe/Brussels, and comes from its `instant`, which stands beside it.
    """
    source = quote("t_" + column.name)
    if column.type == "TIMESTAMP":
        return f"timezone('{ZONE}', {instant_name(column)})"
    if comes_typed:
        return _finite(source) if column.type == "DATE" else source
    if merged:
        pairs = ", ".join(f"{text(old)}: {text(new)}" for old, new in merged.items())
        source = f"coalesce(MAP {{{pairs}}}[{source}], {source})"
    if column.values or column.code_list:
        return f"try_cast({source} AS {enum_name(column)})"
    if column.type == "VARCHAR":
        return source
    form, _ = _form(column)
    return f"CASE WHEN {has_form(source, form)} THEN try_cast({source} AS {column.type}) END"


def instant(column: Column, comes_typed: bool = False) -> str:
    """SQL of the instant that a moment means (H3): moments are compared by it. Null when its text
    does not fit, or when no clock in Brussels ever showed it.
    """
    source = quote("t_" + column.name)
    if comes_typed:
        return f"brussels_instant({_finite(source)})"
    return (f"CASE WHEN {has_form(source, _MOMENT)} "
            f"THEN brussels_instant(try_cast({source} AS TIMESTAMP)) "
            f"WHEN {has_form(source, _MOMENT + _OFFSET)} "
            f"THEN try_cast({source} AS TIMESTAMPTZ) END")


def instant_name(column: Column) -> str:
    """Name of the instant of a moment, beside its local time."""
    return quote("i_" + column.name)


def _finite(source: str) -> str:
    """SQL of a typed date or moment, which may be infinite, or one that no text could write."""
    return (f"CASE WHEN CAST({source} AS DATE) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' "
            f"THEN {source} END")


def enum_name(column: Column) -> str:
    """Name of the DuckDB type that holds the domain of a column: casting is checking."""
    return quote("domain_" + column.name)


def enum_values(column: Column, business_date: date) -> tuple[str, ...]:
    """The values a column may take on a business date (G3), or () when it has no list."""
    if column.code_list:
        return valid_codes(column.code_list, business_date)
    return column.values


def row_rules(contract: Contract, contracts: Mapping[str, Contract], mode: str) -> list[Rule]:
    """The rules of one extract in the order in which the first broken one counts (F3).

    In a delta a row with `_deleted` needs its key only (F6).
    """
    rules = []
    for column in contract.columns:
        if column.type != "VARCHAR":
            _, says = _form(column)
            rules.append(Rule("type", column.name, says,
                              f"{quote('t_' + column.name)} IS NOT NULL "
                              f"AND {quote(column.name)} IS NULL", column.key))
    for column in contract.columns:
        if column.required:
            rules.append(Rule("required", column.name, said("row.required"),
                              f"{quote('t_' + column.name)} IS NULL", column.key))
        rules += _checks(column, "required", contract)
    if mode == "delta":
        # Neither U nor D: judged like an upsert, so that the first broken rule is the right one.
        allowed = ", ".join(text(operation) for operation in OPERATIONS)
        rules.append(Rule("domain", "_op", said("row.operation"),
                          f"coalesce(t__op NOT IN ({allowed}), true)", False))
    for column in contract.columns:
        rules += [Rule("domain", column.name, says, broken, column.key)
                  for broken, says in _domain(column)]
        rules += _checks(column, "domain", contract)
    # Told of the rows that `verify.py` finds there twice, which no look at one row can.
    rules.append(Rule(DUPLICATE, contract.keys[0], said("row.duplicate"),
                      "false", True))
    rules += _reference_rules(contract, contracts)
    if mode == "delta":
        rules = [rule if rule.for_deletes else
                 replace(rule, broken=f"NOT _deleted AND ({rule.broken})") for rule in rules]
    return rules


def first_broken(rules: list[Rule]) -> str:
    """SQL of the number (from 1) of the first broken rule, 0 when none is."""
    cases = " ".join(f"WHEN {rule.broken} THEN {number}" for number, rule in enumerate(rules, 1))
    return f"CASE {cases} ELSE 0 END"


def identifier_form(column: Column, contracts: Mapping[str, Contract]) -> str:
    """The form that an identifier in this column has, "" where it is free."""
    patterns = [contracts[ref.extract].by_name[ref.column].pattern for ref in column.references]
    patterns = patterns or [column.pattern]
    return "|".join(pattern.strip("^$") for pattern in patterns) if all(patterns) else ""


def is_identifier(column: Column) -> bool:
    """Whether the values of a column name something (H12)."""
    return column.key or bool(column.references) or column.name.endswith("_id")


def _reference_rules(contract: Contract, contracts: Mapping[str, Contract]) -> list[Rule]:
    """References that no row can ever hold, seen from the form of the value alone.

    They come after every other rule (F3). Told here rather than in the judgement because what
    does not look like an identifier may be anything, a national number too, and is not stored.
    """
    rules = []
    for column in contract.columns:
        form = identifier_form(column, contracts)
        if column.references and form:
            extracts = tuple(contracts[ref.extract].said for ref in column.references)
            rules.append(Rule("reference", column.name, said("row.identifier", extracts=extracts),
                              f"NOT {has_form(quote('t_' + column.name), form)}", False))
    return rules


def _form(column: Column) -> tuple[str, Said]:
    """The form that the text of a column must have for its type, and what another one is not."""
    if not column.type.startswith("DECIMAL"):
        return _FORMS[column.type]
    decimals = column.type.rstrip(")").split(",")[1].strip()
    return (r"-?[0-9]+(\.[0-9]{1," + decimals + "})?",
            said("row.decimal", decimals=decimals))


def _domain(column: Column) -> list[tuple[str, Said]]:
    source, value = quote("t_" + column.name), quote(column.name)
    found = []
    if column.values:
        found.append((f"{value} IS NULL AND {source} IS NOT NULL",
                      said("row.values", values=", ".join(column.values))))
    if column.code_list:
        found.append((f"{value} IS NULL AND {source} IS NOT NULL",
                      said("row.code", codes=column.code_list)))
    if column.type == "VARCHAR" and not column.values and not column.code_list:
        most = IDENTIFIER_CHARACTERS if is_identifier(column) else TEXT_CHARACTERS
        found.append((f"length({source}) > {most}", said("row.long", most=most)))
    if column.pattern:
        found.append((f"NOT {has_form(source, column.pattern)}",
                      said("row.form", form=column.pattern)))
    for bound, sign, key in ((column.minimum, "<", "row.below"), (column.maximum, ">", "row.above"),
                             (column.exclusive_minimum, "<=", "row.not_above")):
        if bound is not None:
            literal = f"DATE {text(bound)}" if column.type == "DATE" else str(bound)
            found.append((f"{value} {sign} {literal}", said(key, bound=bound)))
    return found


def _checks(column: Column, rule: str, contract: Contract) -> list[Rule]:
    """Declared predicates. What is required is asked of the text: a value outside its domain is
    there, though it has no typed value. Moments are compared as instants.
    """
    names = [other.name for other in contract.columns
             if rule == "required" or other.type == "TIMESTAMP"]
    sign = "t_" if rule == "required" else "i_"

    def predicate(written: str) -> str:
        if not names:
            return written
        return re.sub(rf"\b({'|'.join(names)})\b", rf"{sign}\1", written)

    return [Rule(rule, column.name, check.says, f"NOT ({predicate(check.predicate)})", False)
            for check in column.checks if check.rule == rule and check.scope == "row"]
