-- At least 5 paid or fulfilled orders up to now. Metrics hold the count; whoever has an order to come is counted by their orders.
SELECT (
  SELECT count(*)
  FROM clientele_customer_metrics AS m
  WHERE m.tenant_id = 'default'
    AND (
      m.order_count >= 5 AND (m.last_order_at <= :now OR m.last_order_at IS NULL)
      OR m.last_order_at > :now AND 5 <= (
        SELECT count(*)
        FROM clientele_orders AS o
        WHERE o.tenant_id = 'default'
          AND o.customer_id = m.id
          AND o.state IN ('paid', 'fulfilled')
          AND o.placed_at <= :now
      )
    )
) - (
  SELECT count(*)
  FROM clientele_customers AS c
  CROSS JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
  WHERE c.tenant_id = 'default'
    AND c.deleted_at IS NOT NULL
    AND (
      m.order_count >= 5 AND (m.last_order_at <= :now OR m.last_order_at IS NULL)
      OR m.last_order_at > :now AND 5 <= (
        SELECT count(*)
        FROM clientele_orders AS o
        WHERE o.tenant_id = 'default'
          AND o.customer_id = m.id
          AND o.state IN ('paid', 'fulfilled')
          AND o.placed_at <= :now
      )
    )
) AS count
