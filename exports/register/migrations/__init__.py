"""How the table of the register came to be, step by step (alembic): `versions`, run by `env`.

Belongs here: the shape of the table and the triggers that keep it append-only, in SQLite and in
PostgreSQL. A step that has left the house is never edited: a new one follows. Does not belong here:
what is written into it (store.py).
"""
