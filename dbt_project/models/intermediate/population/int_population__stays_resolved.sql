{{ stays_resolved(ref('int_population__periods_scoped'), 'as_of_date') }}
