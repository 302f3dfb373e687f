{#- Slices share no account, so their cells are parts of the whole. -#}
{{ claim_cells_merged(ref('int_statistics__cells_sliced')) }}
