-- The country is not Brazil; an unknown country counts as not Brazil.
SELECT count(*) AS count
FROM clientele_customers
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND country IS DISTINCT FROM 'BR'
