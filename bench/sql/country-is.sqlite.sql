-- The country is Brazil.
SELECT count(*) AS count
FROM clientele_customers
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND country = 'BR'
