-- Gold tier, the last order more than 180 days (180 x 24 h) before now.
SELECT count(*) AS count
FROM clientele_customer_metrics AS m INDEXED BY clientele_customer_metrics_tier_idx
CROSS JOIN clientele_customers AS c ON c.tenant_id = 'default' AND c.id = m.id
WHERE m.tenant_id = 'default'
  AND m.tier = 'gold'
  AND m.last_order_at < :now - 15552000000
  AND c.deleted_at IS NULL
