-- No paid or fulfilled order in the 365 days (365 x 24 h) up to and including now. All but those who have one.
SELECT (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default'
) - (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL
) - (
  SELECT count(*)
  FROM (
    SELECT DISTINCT customer_id
    FROM clientele_orders INDEXED BY clientele_orders_state_placed_at_idx
    WHERE tenant_id = 'default'
      AND state IN ('paid', 'fulfilled')
      AND placed_at >= :now - 31536000000
      AND placed_at <= :now
      AND customer_id IS NOT NULL
  )
  WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
) AS count
