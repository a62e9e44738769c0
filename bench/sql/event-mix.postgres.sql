-- From Brazil, spent 500.00 or more, saw a product in the last 30 days and completed no order in the last 180.
SELECT count(*) AS count
FROM clientele_customers AS c
JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND c.country = 'BR'
  AND m.total_spend >= 50000
  AND EXISTS (
    SELECT FROM clientele_events AS e
    WHERE e.tenant_id = 'default'
      AND e.customer_id = c.id
      AND e.name = 'Product Viewed'
      AND e.occurred_at >= CAST(:now AS timestamptz) - interval '720 hours'
      AND e.occurred_at <= CAST(:now AS timestamptz)
  )
  AND NOT EXISTS (
    SELECT FROM clientele_events AS e
    WHERE e.tenant_id = 'default'
      AND e.customer_id = c.id
      AND e.name = 'Order Completed'
      AND e.occurred_at >= CAST(:now AS timestamptz) - interval '4320 hours'
      AND e.occurred_at <= CAST(:now AS timestamptz)
  )
