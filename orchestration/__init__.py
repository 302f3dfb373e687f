"""Runs everything: load → build → audit → publish → first statistics (Dagster, command line).

Belongs here: when and in what order things happen, the gate before publication, what a person is
told. Does not belong here: rules on rows (ingest), figures (dbt_project), releases as files
(release), packages (exports), pages.
"""
