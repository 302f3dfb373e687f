"""Deliveries in, raw history out: contracts, form, judgement, pseudonyms.

Here belongs what knows an extract as it is delivered. What the figures mean belongs to
`dbt_project`; who starts a load, and when, belongs to `orchestration`.

    load        which deliveries, in which order, what is written when
    check       what a load would say, all at once, nothing kept; examine: the way both go
    delivery    a delivery as its manifest announces it
    contract    what an extract is; rules: what a row of it must be; contract_changes: what changed
    texts       what is said of a delivery, in three languages
    bounds      how large and of which characters what is delivered may be
    verify      form: one file alone, read by scan (bytes) and reading (rows)
    judge       judgement: after the deliveries before, of which in_force says what stands
    drop        a full delivery that takes away too much waits
    quarantine  rejected rows; limit: how many are too many; masking: what is not told of them
    pseudonym   the national number
    raw         the raw history, and the views that show it to dbt
    durable     files there whole or not at all
    engine      DuckDB sessions and how SQL is written; errors: what a person reads
    faults      whose fault an error is: the file's, the machine's, the operator's, ours
"""
