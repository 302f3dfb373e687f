"""The table of events, and the triggers that refuse to change it.

SQLite deletes a row that `insert or replace` replaces without asking the trigger on deletes: so an
event is also refused that is not the next one. Does not belong here: the chain of hashes, which
holds where somebody has taken the triggers away (chain.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

REFUSED = "the register is append-only"

_SQLITE = (
    f"create trigger events_no_update before update on events"
    f" begin select raise(abort, '{REFUSED}'); end",
    f"create trigger events_no_delete before delete on events"
    f" begin select raise(abort, '{REFUSED}'); end",
    f"create trigger events_in_order before insert on events"
    f" when new.number is not (select coalesce(max(number), 0) + 1 from events)"
    f" begin select raise(abort, '{REFUSED}'); end",
)
_POSTGRESQL = (
    f"create function events_refuse() returns trigger language plpgsql as"
    f" $$ begin raise exception '{REFUSED}'; end $$",
    f"create function events_in_order() returns trigger language plpgsql as $$ begin"
    f" if new.number <> (select coalesce(max(number), 0) + 1 from events)"
    f" then raise exception '{REFUSED}'; end if; return new; end $$",
    "create trigger events_no_update before update on events"
    " for each statement execute function events_refuse()",
    "create trigger events_no_delete before delete on events"
    " for each statement execute function events_refuse()",
    "create trigger events_no_truncate before truncate on events"
    " for each statement execute function events_refuse()",
    "create trigger events_in_order before insert on events"
    " for each row execute function events_in_order()",
)


def upgrade() -> None:
    """Make the table and its triggers."""
    op.create_table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: what was registered stays registered."""
    raise NotImplementedError(REFUSED)
