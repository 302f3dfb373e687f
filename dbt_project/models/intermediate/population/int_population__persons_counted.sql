{{ persons_counted(ref('int_population__stays_resolved')) }}
