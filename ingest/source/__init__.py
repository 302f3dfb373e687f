"""From the operational database to landing: one delivery, read in one snapshot, by mappings.

Here belongs what knows a database as a source of deliveries. What it writes is a delivery like any
other: the door (`ingest.load`) judges it at the next run and knows nothing of where it came from.

    extract   the order of things: which mode, since when, what is written when
    declared  what a source and a mapping are, read from `VIGIE_HOME/sources/NAME/*.yaml`
    secret    the address of the database with its password, from the environment or a 0600 file
    query     the SQL of an extract, made from its mapping and its contract
    session   what is asked of a database; postgres: by ADBC; other: by SQLAlchemy
    write     the folder of the delivery: files, counts, manifest last
    state     what was extracted up to where, and what became of it
    compare   what changed, where the source itself cannot tell
"""
