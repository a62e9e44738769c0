-- At least 3 paid or fulfilled orders in the 180 days (180 x 24 h) up to and including now.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_orders INDEXED BY clientele_orders_state_placed_at_idx
  WHERE tenant_id = 'default'
    AND state IN ('paid', 'fulfilled')
    AND placed_at >= :now - 15552000000
    AND placed_at <= :now
    AND customer_id IS NOT NULL
  GROUP BY customer_id
  HAVING count(*) >= 3
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
