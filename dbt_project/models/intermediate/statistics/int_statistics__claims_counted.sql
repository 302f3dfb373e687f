{#
Cells of T08 with every margin over year and type; quarters still side by side, as columns. Accounts overlap between
cells, so such a margin cannot be added up from cells: contributors and largest contributions are taken anew from the
accounts. Natures hardly overlap: an account that has one nature only is in one cell of each margin, and its cells can be
added up later (has_one_nature); only the other accounts are taken anew over all their natures.
#}
{% for totals in [
    [],
    ['claim_rank'],
    ['contribution_year'],
    ['contribution_year', 'claim_rank'],
    ['nature_rank'],
    ['claim_rank', 'nature_rank'],
    ['contribution_year', 'nature_rank'],
    ['contribution_year', 'claim_rank', 'nature_rank'],
] %}
{{ claim_cells(ref('int_statistics__claims_summed'), totals) }}
{{ 'union all' if not loop.last }}
{% endfor %}
