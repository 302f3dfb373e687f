"""Legal amounts and dates of the social statute of the self-employed, explained: what stands
behind `vigie law` and the simulator of the dashboards.

The rules themselves are not here: they are the functions of `dbt_project/functions` over the
lists of `dbt_project/seeds/law`, the same that build the marts (docs/law.md). This package asks
them questions, and puts the answers into words.
"""
