"""What alembic runs: the steps that are missing, on the connection that the store hands over.

Does not belong here: opening a connection (store), the steps (versions).
"""

from alembic import context

from dashboards.subscriptions.store import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table=VERSION_TABLE)
context.run_migrations()
