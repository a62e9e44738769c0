-- From Brazil, marketing accepted, orders of 100.00 or more in the last 365 days, nothing of category 7 in the last 90.
SELECT count(*) AS count
FROM clientele_customers AS c
JOIN (
  SELECT customer_id
  FROM clientele_orders
  WHERE tenant_id = 'default'
    AND state IN ('paid', 'fulfilled')
    AND placed_at >= CAST(:now AS timestamptz) - interval '8760 hours'
    AND placed_at <= CAST(:now AS timestamptz)
    AND customer_id IS NOT NULL
  GROUP BY customer_id
  HAVING sum(base_total) >= 10000
) AS r ON r.customer_id = c.id
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND c.country = 'BR'
  AND c.accepts_marketing
  AND NOT EXISTS (
    SELECT
    FROM clientele_orders AS o
    JOIN clientele_order_lines AS l ON l.tenant_id = 'default' AND l.order_id = o.id
    JOIN clientele_products AS p ON p.tenant_id = 'default' AND p.id = l.product_id
    WHERE o.tenant_id = 'default'
      AND o.customer_id = c.id
      AND o.state IN ('paid', 'fulfilled')
      AND o.placed_at >= CAST(:now AS timestamptz) - interval '2160 hours'
      AND o.placed_at <= CAST(:now AS timestamptz)
      AND l.quantity > 0
      AND p.category = 'Category 7'
  )
