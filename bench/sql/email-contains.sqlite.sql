-- The e-mail address contains gmail, ignoring the case of ASCII letters only.
SELECT count(*) AS count
FROM clientele_customers NOT INDEXED
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND email LIKE '%gmail%'
