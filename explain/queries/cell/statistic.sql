select schema_name || '.' || table_name as table_name, definition, meta_json
from meta.dictionary
where schema_name = 'statistics' and column_name is null
    and json_extract_string(meta_json, '$.code') = $code
