-- From Brazil, marketing accepted, orders of 100.00 or more in the last 365 days, nothing of category 7 in the last 90.
SELECT count(*) AS count
FROM clientele_customers AS c
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND c.country = 'BR'
  AND c.accepts_marketing <> 0
  AND c.id IN (
    SELECT customer_id
    FROM clientele_orders
    WHERE tenant_id = 'default'
      AND state IN ('paid', 'fulfilled')
      AND placed_at >= :now - 31536000000
      AND placed_at <= :now
      AND customer_id IS NOT NULL
    GROUP BY customer_id
    HAVING sum(base_total) >= 10000
  )
  AND c.id NOT IN (
    SELECT o.customer_id
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
