-- What was paid for orders of the month before (UTC) less what was refunded in it is at least 100.00.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM (
    SELECT customer_id, base_total AS amount
    FROM clientele_orders
    WHERE tenant_id = 'default'
      AND state IN ('paid', 'fulfilled')
      AND placed_at >= 1777593600000
      AND placed_at < 1780272000000
      AND customer_id IS NOT NULL
    UNION ALL
    SELECT o.customer_id, -r.base_amount
    FROM clientele_refunds AS r
    JOIN clientele_orders AS o ON o.tenant_id = 'default' AND o.id = r.order_id
    WHERE r.tenant_id = 'default'
      AND r.refunded_at >= 1777593600000
      AND r.refunded_at < 1780272000000
      AND o.state IN ('paid', 'fulfilled')
      AND o.customer_id IS NOT NULL
    UNION ALL
    SELECT customer_id, -base_amount
    FROM clientele_refunds
    WHERE tenant_id = 'default'
      AND refunded_at >= 1777593600000
      AND refunded_at < 1780272000000
      AND order_id IS NULL
      AND customer_id IS NOT NULL
  )
  GROUP BY customer_id
  HAVING sum(amount) >= 10000
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
