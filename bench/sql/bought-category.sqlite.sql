-- Bought something of category 7 in the 90 days (90 x 24 h) up to and including now.
SELECT count(*) AS count
FROM (
  SELECT DISTINCT o.customer_id
  FROM clientele_orders AS o INDEXED BY clientele_orders_state_placed_at_idx
  CROSS JOIN clientele_order_lines AS l ON l.tenant_id = 'default' AND l.order_id = o.id
  WHERE o.tenant_id = 'default'
    AND o.state IN ('paid', 'fulfilled')
    AND o.placed_at >= :now - 7776000000
    AND o.placed_at <= :now
    AND o.customer_id IS NOT NULL
    AND l.quantity > 0
    AND l.product_id IN (SELECT id FROM clientele_products WHERE tenant_id = 'default' AND category = 'Category 7')
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
