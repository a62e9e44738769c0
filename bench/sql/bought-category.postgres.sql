-- Bought something of category 7 in the 90 days (90 x 24 h) up to and including now.
SELECT count(*) AS count
FROM (
  SELECT DISTINCT o.customer_id
  FROM clientele_orders AS o
  JOIN clientele_order_lines AS l ON l.tenant_id = 'default' AND l.order_id = o.id
  JOIN clientele_products AS p ON p.tenant_id = 'default' AND p.id = l.product_id
  WHERE o.tenant_id = 'default'
    AND o.state IN ('paid', 'fulfilled')
    AND o.placed_at >= CAST(:now AS timestamptz) - interval '2160 hours'
    AND o.placed_at <= CAST(:now AS timestamptz)
    AND o.customer_id IS NOT NULL
    AND l.quantity > 0
    AND p.category = 'Category 7'
) AS b
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = b.customer_id AND c.deleted_at IS NOT NULL
)
