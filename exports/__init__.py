"""Statistics packages read from a release: what leaves for INASTI, the SPF or the public.

Belongs here: the catalogue of statistics, periods, recipient profiles, package layout, writers.
Does not belong here: how a figure is computed (dbt), pages (dashboards), the schedule
(orchestration). Nothing in this package opens anything but a published release.
"""
