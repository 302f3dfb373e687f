"""Deliveries in, raw history out: contracts, form, judgement, pseudonyms.

Here belongs what knows an extract as it is delivered. What the figures mean belongs to
`dbt_project`; who starts a load, and when, belongs to `orchestration`.
"""
