"""A small invented release for tests: the tables that pages and packages read, filled by SQL.

Belongs here: enough of a release to try readers alone, of any size, the same for the same
arguments. Does not belong here: any rule of the warehouse; figures are made up but add up.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from release.pointer import move_pointer

CODES = {
    "nature": [
        ("main", "Activité principale", "Hoofdberoep"),
        ("complementary", "Activité complémentaire", "Bijberoep"),
        ("after_pension", "Activité après l'âge de la pension", "Na de pensioenleeftijd"),
    ],
    "category": [
        ("main", "Indépendant à titre principal", "Zelfstandige in hoofdberoep"),
        ("pensioner", "Actif après l'âge de la pension", "Actief na de pensioenleeftijd"),
        ("student", "Étudiant-indépendant", "Student-zelfstandige"),
        ("complementary", "Indépendant à titre complémentaire", "Zelfstandige in bijberoep"),
    ],
    "sex": [("M", "Homme", "Man"), ("F", "Femme", "Vrouw")],
    "residence_level": [("REGION", "Région", "Gewest"), ("PROVINCE", "Province", "Provincie")],
    "residence": [
        ("02000", "Région flamande", "Vlaams Gewest"),
        ("03000", "Région wallonne", "Waals Gewest"),
        ("10000", "Anvers", "Antwerpen"),
        ("50000", "Hainaut", "Henegouwen"),
        ("60000", "Liège", "Luik"),
    ],
    "claim_type": [
        ("provisional", "Cotisation provisoire", "Voorlopige bijdrage"),
        ("regularisation", "Régularisation", "Regularisatie"),
    ],
    "account_type": [("affiliate", "Affilié", "Aangeslotene"), ("company", "Société", "Vennoot")],
}

T01 = {
    "code": "T01",
    "title_fr": "Affiliés",
    "title_nl": "Aangeslotenen",
    "count_basis": {"year": "stock_31_12", "quarter": "stock_qend"},
    "dimensions": [
        {"name": "nature", "list_name": "nature", "label_fr": "Nature", "label_nl": "Aard"},
        {
            "name": "category",
            "list_name": "category",
            "within": "nature",
            "label_fr": "Catégorie",
            "label_nl": "Cat.",
        },
        {"name": "sex", "list_name": "sex", "label_fr": "Sexe", "label_nl": "Geslacht"},
        {
            "name": "residence_level",
            "list_name": "residence_level",
            "label_fr": "Niveau de résidence",
            "label_nl": "Niveau van woonplaats",
        },
        {
            "name": "residence_code",
            "list_name": "residence",
            "within": "residence_level",
            "label_fr": "Résidence",
            "label_nl": "Woonplaats",
        },
    ],
    "measures": [
        {"name": "persons", "unit": "PERSONS", "label_fr": "Personnes", "label_nl": "Personen"}
    ],
    "blocks": [
        {
            "name": "T01.1",
            "frequencies": ["year", "quarter"],
            "axes": "nature>category sex",
            "measures": ["persons"],
        },
        {
            "name": "T01.2",
            "frequencies": ["year", "quarter"],
            "axes": "nature sex residence:REGION,PROVINCE",
            "measures": ["persons"],
        },
    ],
    "notes_fr": "Chaque personne compte une fois.",
    "notes_nl": "Elke persoon telt één keer.",
}

T08 = {
    "code": "T08",
    "title_fr": "Cotisations réclamées et perçues",
    "title_nl": "Gevorderde en geïnde bijdragen",
    "count_basis": "flow",
    "dimensions": [
        {"name": "nature", "list_name": "nature", "label_fr": "Nature", "label_nl": "Aard"},
        {"name": "claim_type", "list_name": "claim_type", "label_fr": "Type", "label_nl": "Type"},
    ],
    "measures": [
        {"name": "claimed", "unit": "EUR", "label_fr": "Réclamé", "label_nl": "Gevorderd"},
        {"name": "collected", "unit": "EUR", "label_fr": "Perçu", "label_nl": "Geïnd"},
        {"name": "perception", "unit": "PCT", "label_fr": "Perception", "label_nl": "Inning"},
    ],
    "blocks": [
        {
            "name": "T08.1",
            "frequencies": ["year", "quarter"],
            "axes": "nature claim_type",
            "measures": ["claimed", "collected", "perception"],
        }
    ],
    "notes_fr": ["Majorations à part.", "Au cours du jour."],
    "notes_nl": ["Verhogingen apart.", "Op de dag zelf."],
}

_BUILT = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
_MONEY = {
    "claimed_amount": ("Réclamé", "Gevorderd"),
    "collected_amount": ("Perçu", "Geïnd"),
    "collected_on_time_amount": ("Perçu à l'échéance", "Tijdig geïnd"),
    "outstanding_amount": ("Solde impayé", "Openstaand saldo"),
    "relief_amount": ("Dispenses", "Vrijstellingen"),
    "collection_rate": ("Taux de perception", "Inningsgraad"),
    "affiliates": ("Affiliés", "Aangeslotenen"),
    "contribution_year": ("Année de cotisation", "Bijdragejaar"),
    "contribution_quarter": ("Trimestre", "Kwartaal"),
    "category": ("Catégorie", "Categorie"),
    "nature": ("Nature", "Aard"),
}
_PERCEPTION = {
    "claim_year": ("Année de réclamation", "Jaar van vordering"),
    "account_type": ("Type de compte", "Type rekening"),
    "claimed_amount": ("Réclamé", "Gevorderd"),
    "collected_by_year_end_amount": ("Perçu au 31 décembre", "Geïnd op 31 december"),
    "perception_pct": ("Pourcentage de perception", "Inningspercentage"),
    "year_end_outstanding_ratio": ("Part impayée au 31 décembre", "Openstaand deel"),
}
_PARTS = {
    "claim_year": ("Année de réclamation", "Jaar van vordering"),
    "account_type": ("Type de compte", "Type rekening"),
    "observation_date": ("Vu au", "Bekeken op"),
    "gross_amount": ("Réclamé brut", "Bruto gevorderd"),
    "cancelled_amount": ("Annulé depuis", "Sindsdien geannuleerd"),
    "relief_amount": ("Dispenses depuis", "Vrijstellingen sindsdien"),
    "claimed_amount": ("Réclamé", "Gevorderd"),
    "collected_amount": ("Perçu au 31 décembre", "Geïnd op 31 december"),
    "credited_amount": ("Compensé au 31 décembre", "Verrekend op 31 december"),
    "outstanding_amount": ("Impayé au 31 décembre", "Openstaand op 31 december"),
    "perception_pct": ("Pourcentage de perception", "Inningspercentage"),
    "same_day_pct": ("Perception au même jour", "Inning op dezelfde dag"),
    "projected_pct": ("Projection au 31 décembre", "Projectie op 31 december"),
}
_CONTRIBUTION = {
    "mart_quarter": _MONEY,
    "mart_quarter_earlier": _MONEY,
    "mart_perception": _PERCEPTION,
    "mart_perception_parts": _PARTS,
}
_WATCHED = {
    "year_end_outstanding_ratio": {
        "watch_level": 0.25,
        "watch_level_source_fr": "A.R. du 19 décembre 1967, art. 60bis",
        "watch_level_source_nl": "K.B. van 19 december 1967, art. 60bis",
    }
}

_PERSONS = """
    create temp table people as
    select i, period,
        case when i % 10 < 6 then 'main' when i % 10 < 8 then 'complementary'
             else 'after_pension' end as nature,
        case when i % 10 < 6 then 'main' when i % 20 = 6 then 'student'
             when i % 10 < 8 then 'complementary' else 'pensioner' end as category,
        case when i % 3 = 0 then 'F' else 'M' end as sex,
        case when i % 2 = 0 then '02000' else '03000' end as region,
        case when i % 2 = 0 then '10000' when i % 4 = 1 then '50000' else '60000' end as province
    from range($persons) t(i), (values ('2024'), ('2025'), ('2025Q3'), ('2025Q4')) p(period)
"""
_T01_TABLE = """
    create table statistics.stat_t01 as
    with placed as (
        select *, '_T' as level, '_T' as place from people
        union all select *, 'REGION', region from people
        union all select *, 'PROVINCE', province from people
    )
    select period as ref_period,
        coalesce(nature, '_T') as nature, coalesce(category, '_T') as category,
        coalesce(sex, '_T') as sex, level as residence_level, place as residence_code,
        'persons' as measure, cast(count(*) as decimal(18, 2)) as obs_value,
        count(*) as contributors, cast(1 as decimal(18, 2)) as largest_contribution,
        cast(null as decimal(18, 2)) as second_contribution
    from placed
    group by period, level, place, grouping sets (
        (nature, category, sex), (nature, sex), (sex), (nature, category), (nature), ()
    )
    having level = '_T' or category is null
"""
_T08_TABLE = """
    create table statistics.stat_t08 as
    with paid as (
        select period, nature, type as claim_type, i,
            cast(100 + i % 400 as decimal(18, 2)) as claimed,
            cast(case when i % 5 = 0 then 0 else 90 + i % 300 end as decimal(18, 2)) as collected
        from people, (values ('provisional'), ('regularisation')) t(type)
        where type = 'provisional' or i % 4 = 0
    ),
    summed as (
        select period, coalesce(nature, '_T') as nature, coalesce(claim_type, '_T') as claim_type,
            sum(claimed) as claimed, sum(collected) as collected, count(*) as contributors,
            max(claimed) as largest, max(collected) as largest_collected
        from paid group by period, cube (nature, claim_type)
    )
    select period as ref_period, nature, claim_type, measure,
        cast(obs_value as double) as obs_value, contributors,
        largest_contribution, largest_contribution as second_contribution
    from (
        select *, 'claimed' as measure, claimed as obs_value, largest as largest_contribution
        from summed
        union all select *, 'collected', collected, largest_collected from summed
        union all select *, 'perception', 100.0 * collected / claimed, null from summed
    )
"""
_MARTS = """
    create table contribution.mart_quarter as
    with charges as (
        select y as contribution_year, nullif(q, 0) as contribution_quarter, c.*,
            cast(persons * (700 + y % 10 * 25 + q * 9) * case when q = 0 then 0.2 else 1 end
                as decimal(18, 2)) as claimed_amount
        from range(2019, 2027) years(y), range(0, 5) quarters(q), (values
            ('main', 'main', 60), ('pensioner', 'after_pension', 20),
            ('student', 'complementary', 5), ('complementary', 'complementary', 15)
        ) c(category, nature, persons)
        where not (y = 2026 and q = 4) and not (y >= 2025 and q = 0)
    ),
    paid as (
        select *, cast(claimed_amount * (0.55 + 0.05 * (2026 - contribution_year) / 2.0)
            as decimal(18, 2)) as collected_amount,
            cast(claimed_amount * 0.02 as decimal(18, 2)) as credited
        from charges
    )
    select contribution_year, contribution_quarter, category, nature,
        cast(persons as bigint) as affiliates, claimed_amount,
        cast(claimed_amount * 0.01 as decimal(18, 2)) as relief_amount, collected_amount,
        cast(collected_amount * 0.6 as decimal(18, 2)) as collected_on_time_amount,
        claimed_amount - collected_amount - credited as outstanding_amount,
        cast(collected_amount / claimed_amount as double) as collection_rate
    from paid;
    create table contribution.mart_perception as
    select y as claim_year, a as account_type,
        cast(1000000 + y as decimal(18, 2)) as claimed_amount,
        cast(600000 as decimal(18, 2)) as collected_by_year_end_amount,
        cast(58 + (y - 2018) * 1.5 as double) as perception_pct,
        cast(0.36 - (y - 2018) * 0.014 as double) as year_end_outstanding_ratio
    from range(2018, 2026) t(y), (values ('affiliate'), ('company')) types(a);
    create table contribution.mart_quarter_earlier as
    select (select business_date from meta.release) - interval 1 year as observation_date,
        * replace (cast(collected_amount * 0.9 as decimal(18, 2)) as collected_amount,
            cast(collection_rate * 0.9 as double) as collection_rate)
    from contribution.mart_quarter where contribution_year < 2026;
    create table contribution.mart_perception_parts as
    select claim_year, account_type, claim_year = 2026 as is_running,
        least(make_date(claim_year, 12, 31), (select business_date from meta.release))
            as observation_date,
        cast(claimed_amount + 30000 as decimal(18, 2)) as gross_amount,
        cast(20000 as decimal(18, 2)) as cancelled_amount,
        cast(10000 as decimal(18, 2)) as relief_amount, claimed_amount,
        cast(claimed_amount * perception_pct / 100 as decimal(18, 2)) as collected_amount,
        cast(claimed_amount * 0.06 as decimal(18, 2)) as credited_amount,
        claimed_amount - collected_amount - credited_amount as outstanding_amount,
        perception_pct, make_date(claim_year, 9, 30) as same_day_date,
        case when claim_year = 2026 then perception_pct else perception_pct - 3 end
            as same_day_pct,
        case when claim_year = 2026 then perception_pct + 3 end as projected_pct,
        case when claim_year = 2026 then 0.8 end as standard_error_pct
    from (
        select claim_year, account_type, claimed_amount, perception_pct
        from contribution.mart_perception
        union all
        select 2026, account_type, claimed_amount, perception_pct
        from contribution.mart_perception where claim_year = 2025
    );
"""
_META = """
    create table meta.release as
    select $id as release_id, cast($date as date) as business_date,
        cast($built as timestamp) as built_at, 'test-code' as code_version, 2 as deliveries,
        cast(11 as bigint) as checks_passed, cast(0 as bigint) as checks_failed,
        cast(1 as bigint) as checks_warned,
        cast(null as varchar) as previous_release_id
"""
_META_TABLES = """
    create table meta.deliveries as
    select cast(cast($date as date) - cast(n as integer) as varchar) || '-1' as delivery_id,
        cast($date as date) - cast(n as integer) as business_date,
        case when n = 1 then 'full' else 'delta' end as mode,
        cast($built as timestamp) as loaded_at, 26 as files, cast(1000 as bigint) as rows_delivered,
        cast(998 as bigint) as rows_accepted, cast(2 as bigint) as rows_rejected
    from range(2) t(n);
    create table meta.quarantine as
    select cast(cast($date as date) as varchar) || '-1' as delivery_id, 'payments' as extract,
        cast(n + 2 as bigint) as line_number, 'P00000000000' || n as key, rule,
        'value_date' as column_name, 'value_date is empty' as reason, n % 2 = 0 as is_open
    from (values (0, 'required'), (1, 'type'), (2, 'reference'), (3, 'domain')) t(n, rule);
    create table meta.checks as
    select * from (values
        ('conservation', 'equation', 'contribution.fct_charges', 'error', 'passed', 0::bigint, ''),
        ('ledger_payments', 'reconciliation', 'meta.reconciliation', 'warning', 'failed', 1::bigint,
         'One month differs from the ledger.')
    ) t(check_id, kind, subject, severity, status, failures, explanation);
    create table meta.reconciliation as
    select '2026-0' || m as period, line as ledger_line, cast(10000 + m as decimal(18, 2))
        as ledger_amount, cast(10000 + m - case when m = 8 and line = 'payments_received' then 12.5
        else 0 end as decimal(18, 2)) as warehouse_amount,
        cast(case when m = 8 and line = 'payments_received' then 12.5 else 0 end
        as decimal(18, 2)) as difference
    from range(7, 10) t(m), (values ('payments_received'), ('contributions_charged')) l(line);
"""


def build_release(
    home: Path,
    release_id: str = "2026-09-30_20261001T020000Z",
    business_date: date = date(2026, 9, 30),
    persons: int = 400,
) -> Path:
    """Write a release under `home` and make the pointer name it; return the file."""
    folder = home / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{release_id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        for schema in ("meta", "core", "contribution", "statistics"):
            connection.execute(f"create schema {schema}")
        known = {"id": release_id, "date": business_date, "built": _BUILT}
        connection.execute(_META, known)
        for statement in _META_TABLES.split(";\n"):
            if statement.strip():
                used = {name: value for name, value in known.items() if f"${name}" in statement}
                connection.execute(statement, used)
        connection.execute(_PERSONS, {"persons": persons})
        connection.execute(_T01_TABLE)
        connection.execute(_T08_TABLE)
        connection.execute(_MARTS)
        _write_codes(connection)
        _write_dictionary(connection)
    move_pointer(folder, release_id, path.name, business_date)
    return path


def _write_codes(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table core.dim_code (list_name varchar, code varchar, label_fr varchar,"
        " label_nl varchar, rank integer, is_provisional boolean)"
    )
    rows = [
        (list_name, *code, rank, list_name == "category" and code[0] == "student")
        for list_name, codes in CODES.items()
        for rank, code in enumerate(codes, start=1)
    ]
    connection.executemany("insert into core.dim_code values (?, ?, ?, ?, ?, ?)", rows)


def _write_dictionary(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create table meta.dictionary (position integer, schema_name varchar, table_name varchar,"
        " column_name varchar, data_type varchar, description varchar, label_fr varchar,"
        " label_nl varchar, definition_fr varchar, definition_nl varchar, meta_json varchar,"
        " definition varchar)"
    )
    entries = []
    for table, meta in (("stat_t01", T01), ("stat_t08", T08)):
        labels = (meta["title_fr"], meta["title_nl"])
        entries.append(("statistics", table, None, None, "One row per cell.", *labels, meta))
    for table, columns in _CONTRIBUTION.items():
        entries.append(("contribution", table, None, None, "One row.", table, table, None))
        for name, labels in columns.items():
            entries.append(
                (
                    "contribution",
                    table,
                    name,
                    "varchar",
                    f"About {name}.",
                    *labels,
                    _WATCHED.get(name),
                )
            )
    rows = [
        (
            position,
            *entry[:5],
            entry[5],
            entry[6],
            f"Définition : {entry[5]}." if entry[2] else None,
            f"Definitie: {entry[6]}." if entry[2] else None,
            json.dumps(entry[7], ensure_ascii=False) if entry[7] else None,
            "§3, B2" if entry[0] == "contribution" else None,
        )
        for position, entry in enumerate(entries)
    ]
    marks = ", ".join("?" * 12)
    connection.executemany(f"insert into meta.dictionary values ({marks})", rows)
