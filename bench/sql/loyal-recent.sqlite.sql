-- At least 3 orders, the last within the 90 days (90 x 24 h) up to and including now. Counted over the metrics, less the removed customers.
SELECT (
  SELECT count(*)
  FROM clientele_customer_metrics AS m NOT INDEXED
  WHERE m.tenant_id = 'default'
    AND m.order_count >= 3
    AND m.last_order_at >= :now - 7776000000
    AND m.last_order_at <= :now
) - (
  SELECT count(*)
  FROM clientele_customers AS c NOT INDEXED
  CROSS JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
  WHERE c.tenant_id = 'default'
    AND c.deleted_at IS NOT NULL
    AND m.order_count >= 3
    AND m.last_order_at >= :now - 7776000000
    AND m.last_order_at <= :now
) AS count
