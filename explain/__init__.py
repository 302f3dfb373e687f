"""How one figure of a release came about: `vigie explain` and the account page.

Belongs here: for each kind of thing what is told of it, from the line of the delivery over ledger
and law to the pages and statistics that count it, and how that is written. Does not belong here:
any figure, rule or amount (dbt_project and law make them), the command (orchestration), the page
(dashboards). Nothing here imports pandas, dbt or the orchestrator: one explanation is two seconds.
"""
