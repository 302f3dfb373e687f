"""The agents' notebook: who has taken an account, what was done, what waits, what was promised.

Belongs here: entries, their store, what they mean today. Does not belong here: figures (the release
has them; nothing here changes one), the panel on a page (sections/notebook).

It lies outside the releases, in a database of its own: SQLite in the data folder, or PostgreSQL.
Entries are added, never changed; only their retention takes them away.
"""
