-- The trait "age" is a JSON number greater than 40.
SELECT count(*) AS count
FROM clientele_customers
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND traits @@ 'strict $.age > 40'
