-- The trait "age" is a JSON number greater than 40.
SELECT count(*) AS count
FROM clientele_customers NOT INDEXED
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND traits ->> '$.age' > 40
  AND json_type(traits, '$.age') IN ('integer', 'real')
