{% for indicator in tagged_models('commitment') %}
select * from {{ api.Relation.create(
    database=indicator.database, schema=indicator.schema, identifier=indicator.alias
) }}
{{ 'union all by name' if not loop.last }}
{% else %}
{{ no_tallies() }}
{% endfor %}
