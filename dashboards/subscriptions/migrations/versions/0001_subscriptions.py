"""The tables of persons, subscriptions and sendings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "notice_persons",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("offices", sa.Text),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("mail", sa.Text, nullable=False),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.Column("is_known", sa.Boolean, nullable=False),
    )
    op.create_table(
        "notice_subscriptions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.Text, nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False, unique=True),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("ended_at", sa.Text),
        sa.Column("ended_why", sa.Text, nullable=False),
    )
    op.create_table(
        "notice_sendings",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("release_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take them away with everything in them."""
    for name in ("notice_sendings", "notice_subscriptions", "notice_persons"):
        op.drop_table(name)
