-- Paid and fulfilled orders of the 90 days (90 x 24 h) up to and including now add up to at least 200.00.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_orders INDEXED BY clientele_orders_state_placed_at_idx
  WHERE tenant_id = 'default'
    AND state IN ('paid', 'fulfilled')
    AND placed_at >= :now - 7776000000
    AND placed_at <= :now
    AND customer_id IS NOT NULL
  GROUP BY customer_id
  HAVING sum(base_total) >= 20000
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
