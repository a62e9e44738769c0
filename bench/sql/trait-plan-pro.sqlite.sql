-- The trait "plan" is the JSON string "pro".
SELECT count(*) AS count
FROM clientele_customers NOT INDEXED
WHERE tenant_id = 'default'
  AND deleted_at IS NULL
  AND traits ->> '$.plan' = 'pro'
