"""Steps of the notebook's table, for alembic."""
