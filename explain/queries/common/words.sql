-- The words of columns, as the release says them.
select schema_name || '.' || table_name as table_name, column_name, label_fr, label_nl,
    json_extract_string(meta_json, '$.list_name') as list_name
from meta.dictionary
where column_name in (select unnest($columns))
    or (column_name is null and schema_name || '.' || table_name in (select unnest($tables)))
