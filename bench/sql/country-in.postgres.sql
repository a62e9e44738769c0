-- The country is Brazil, Portugal, Angola or Mozambique.
SELECT count(*) AS count
FROM clientele_customers
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND country IN ('BR', 'PT', 'AO', 'MZ')
