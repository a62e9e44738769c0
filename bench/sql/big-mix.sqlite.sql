-- Active, from Brazil or Portugal or with the trait "plan" the JSON string "pro", a total spend not below 100.00, marketing accepted.
SELECT count(*) AS count
FROM clientele_customers AS c NOT INDEXED
CROSS JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND c.accepts_marketing <> 0
  AND c.status = 'active'
  AND (c.country IN ('BR', 'PT') OR c.traits ->> '$.plan' = 'pro')
  AND m.total_spend >= 10000
