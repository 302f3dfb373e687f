"""The triggers that refuse to change the register: what the migrations make, and whether it is what
is in force.

A trigger that is there by its name alone refuses nothing: what is compared is all that makes it
work. Belongs here: these statements in both engines, reading them back. Does not belong here: the
chain of hashes, which holds where somebody has taken the triggers away (chain.py).
"""

import sqlalchemy as sa

REFUSED = "the register is append-only"

#: SQLite deletes a row that `insert or replace` replaces without asking the trigger on deletes: so
#: an event is also refused that is not the next one.
SQLITE = {
    "events_no_update": f"create trigger events_no_update before update on events"
    f" begin select raise(abort, '{REFUSED}'); end",
    "events_no_delete": f"create trigger events_no_delete before delete on events"
    f" begin select raise(abort, '{REFUSED}'); end",
    "events_in_order": f"create trigger events_in_order before insert on events"
    f" when new.number is not (select coalesce(max(number), 0) + 1 from events)"
    f" begin select raise(abort, '{REFUSED}'); end",
}

#: The bodies of the functions that the triggers of PostgreSQL call.
_BODIES = {
    "events_refuse": f" begin raise exception '{REFUSED}'; end ",
    "events_in_order": f" begin"
    f" if new.number <> (select coalesce(max(number), 0) + 1 from events)"
    f" then raise exception '{REFUSED}'; end if; return new; end ",
}
# Name, moment, for each what, function; and the number by which PostgreSQL knows moment and what.
_CALLS = (
    ("events_no_update", "update", "statement", "events_refuse", 18),
    ("events_no_delete", "delete", "statement", "events_refuse", 10),
    ("events_no_truncate", "truncate", "statement", "events_refuse", 34),
    ("events_in_order", "insert", "row", "events_in_order", 7),
)
POSTGRESQL = (
    *(
        f"create function {name}() returns trigger language plpgsql as $${body}$$"
        for name, body in _BODIES.items()
    ),
    *(
        f"create trigger {name} before {moment} on events"
        f" for each {each} execute function {function}()"
        for name, moment, each, function, _ in _CALLS
    ),
)
# In force is what fires for everybody ('R' fires on a replica alone), on every column, always.
_POSTGRESQL_ASKED = """
select t.tgname, t.tgtype, p.proname, l.lanname, p.prosrc
from pg_trigger t
join pg_proc p on p.oid = t.tgfoid
join pg_language l on l.oid = p.prolang
where t.tgrelid = to_regclass('events') and not t.tgisinternal and t.tgenabled in ('O', 'A')
  and t.tgqual is null and t.tgattr = ''::int2vector and p.proconfig is null
"""
_SQLITE_ASKED = "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'events'"

#: What makes each trigger work, by its name.
Guards = dict[str, tuple]


def guards(connection: sa.Connection) -> Guards:
    """Return the triggers that are in force on the table."""
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql(_POSTGRESQL_ASKED)
        return {name: tuple(said) for name, *said in rows}
    rows = connection.exec_driver_sql(_SQLITE_ASKED)
    return {name: _plain(sql) for name, sql in rows}


def needed_guards(url: sa.URL) -> Guards:
    """Return the triggers that the migrations make."""
    if url.get_backend_name() == "sqlite":
        return {name: _plain(sql) for name, sql in SQLITE.items()}
    return {
        name: (number, function, "plpgsql", _BODIES[function])
        for name, _, _, function, number in _CALLS
    }


def _plain(sql: str | None) -> tuple[str, ...]:
    """Return a statement as the database may write it back: in another case, with other spaces."""
    return tuple((sql or "").lower().split())
