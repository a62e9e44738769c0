-- From Brazil, spent 500.00 or more, saw a product in the last 30 days and completed no order in the last 180.
SELECT count(*) AS count
FROM clientele_customers AS c
CROSS JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND c.country = 'BR'
  AND m.total_spend >= 50000
  AND c.id IN (
    SELECT customer_id
    FROM clientele_events INDEXED BY clientele_events_name_occurred_at_customer_id_idx
    WHERE tenant_id = 'default'
      AND name = 'Product Viewed'
      AND occurred_at >= :now - 2592000000
      AND occurred_at <= :now
  )
  AND c.id NOT IN (
    SELECT customer_id
    FROM clientele_events INDEXED BY clientele_events_name_occurred_at_customer_id_idx
    WHERE tenant_id = 'default'
      AND name = 'Order Completed'
      AND occurred_at >= :now - 15552000000
      AND occurred_at <= :now
  )
