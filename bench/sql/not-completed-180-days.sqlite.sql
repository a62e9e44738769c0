-- No event "Order Completed" in the 180 days (180 x 24 h) up to and including now. All but those who have one.
SELECT (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default'
) - (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL
) - (
  SELECT count(*)
  FROM (
    SELECT DISTINCT customer_id
    FROM clientele_events INDEXED BY clientele_events_name_occurred_at_customer_id_idx
    WHERE tenant_id = 'default'
      AND name = 'Order Completed'
      AND occurred_at >= :now - 15552000000
      AND occurred_at <= :now
  )
  WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
) AS count
