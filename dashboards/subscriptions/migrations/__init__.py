"""Steps that bring the tables of subscriptions up to date, for alembic."""
