"""The folder of releases: names, pointer, atomic publication, retention, read-only opening,
dictionary.

Belongs here: what a reader or a publisher must know of a release as a *file*. Does not belong here:
how a release is computed (dbt_project), judged (orchestration) or shown (dashboards, exports).
Imports no other package of ours.
"""
