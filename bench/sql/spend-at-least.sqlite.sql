-- The total spend is at least 500.00. Counted over the metrics, less the removed customers.
SELECT (
  SELECT count(*)
  FROM clientele_customer_metrics AS m
  WHERE m.tenant_id = 'default'
    AND m.total_spend >= 50000
) - (
  SELECT count(*)
  FROM clientele_customers AS c NOT INDEXED
  CROSS JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
  WHERE c.tenant_id = 'default'
    AND c.deleted_at IS NOT NULL
    AND m.total_spend >= 50000
) AS count
