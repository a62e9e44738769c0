-- At least 3 events "Product Viewed" in the 30 days (30 x 24 h) up to and including now.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_events INDEXED BY clientele_events_name_occurred_at_customer_id_idx
  WHERE tenant_id = 'default'
    AND name = 'Product Viewed'
    AND occurred_at >= :now - 2592000000
    AND occurred_at <= :now
  GROUP BY customer_id
  HAVING count(*) >= 3
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
