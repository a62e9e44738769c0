-- Gold tier, the last order more than 180 days (180 x 24 h) before now.
SELECT (
  SELECT count(*)
  FROM clientele_customer_metrics AS m
  WHERE m.tenant_id = 'default'
    AND m.tier = 'gold'
    AND m.last_order_at < CAST(:now AS timestamptz) - interval '4320 hours'
) - (
  SELECT count(*)
  FROM clientele_customers AS c
  JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
  WHERE c.tenant_id = 'default'
    AND c.deleted_at IS NOT NULL
    AND m.tier = 'gold'
    AND m.last_order_at < CAST(:now AS timestamptz) - interval '4320 hours'
) AS count
