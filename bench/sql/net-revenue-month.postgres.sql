-- What was paid for orders of the month before (UTC) less what was refunded in it is at least 100.00.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM (
    SELECT customer_id, base_total AS amount
    FROM clientele_orders
    WHERE tenant_id = 'default'
      AND state IN ('paid', 'fulfilled')
      AND placed_at >= '2026-05-01T00:00:00Z'
      AND placed_at < '2026-06-01T00:00:00Z'
      AND customer_id IS NOT NULL
    UNION ALL
    SELECT o.customer_id, -r.base_amount
    FROM clientele_refunds AS r
    JOIN clientele_orders AS o ON o.tenant_id = 'default' AND o.id = r.order_id
    WHERE r.tenant_id = 'default'
      AND r.refunded_at >= '2026-05-01T00:00:00Z'
      AND r.refunded_at < '2026-06-01T00:00:00Z'
      AND o.state IN ('paid', 'fulfilled')
      AND o.customer_id IS NOT NULL
    UNION ALL
    SELECT customer_id, -base_amount
    FROM clientele_refunds
    WHERE tenant_id = 'default'
      AND refunded_at >= '2026-05-01T00:00:00Z'
      AND refunded_at < '2026-06-01T00:00:00Z'
      AND order_id IS NULL
      AND customer_id IS NOT NULL
  ) AS money
  GROUP BY customer_id
  HAVING sum(amount) >= 10000
) AS m
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = m.customer_id AND c.deleted_at IS NOT NULL
)
