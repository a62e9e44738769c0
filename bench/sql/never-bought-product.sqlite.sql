-- Never bought what has the code P3. All but those who did.
SELECT (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default'
) - (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL
) - (
  SELECT count(*)
  FROM (
    SELECT DISTINCT o.customer_id
    FROM clientele_order_lines AS l
    CROSS JOIN clientele_orders AS o ON o.tenant_id = 'default' AND o.id = l.order_id
    WHERE l.tenant_id = 'default'
      AND l.sku = 'P3'
      AND l.quantity > 0
      AND o.state IN ('paid', 'fulfilled')
      AND o.placed_at <= :now
      AND o.customer_id IS NOT NULL
  )
  WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
) AS count
