"""What persons asked to be told when a release is published: a figure past a threshold, a list, a
page on paper.

Belongs here: subscriptions, their store, what is said of one on a release. Does not belong here:
when something is sent and by which way (orchestration), the panel on the pages (sections/notices).

It lies outside the releases, in a database of its own: SQLite in the data folder, or PostgreSQL.
Decision 024 says why it is as it is.
"""
