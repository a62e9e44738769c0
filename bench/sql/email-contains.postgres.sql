-- The e-mail address contains gmail, ignoring the case of ASCII letters only.
SELECT count(*) AS count
FROM clientele_customers
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND lower(email) LIKE '%gmail%'
