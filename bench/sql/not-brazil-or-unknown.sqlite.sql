-- The country is not Brazil; an unknown country counts as not Brazil.
SELECT count(*) AS count
FROM clientele_customers NOT INDEXED
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND country IS NOT 'BR'
