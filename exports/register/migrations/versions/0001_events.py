"""The table of events, and the triggers that refuse to change it.

A later step that changes a trigger keeps the statement of this one (guards.py). Does not belong
here: the chain of hashes, which holds where somebody has taken the triggers away (chain.py).
"""

import sqlalchemy as sa
from alembic import op

from exports.register.guards import POSTGRESQL, REFUSED, SQLITE

revision = "0001"
down_revision = None


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
    for statement in SQLITE.values() if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: what was registered stays registered."""
    raise NotImplementedError(REFUSED)
