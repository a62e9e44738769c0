-- At least 3 paid or fulfilled orders in the 180 days (180 x 24 h) up to and including now.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_orders
  WHERE tenant_id = 'default'
    AND state IN ('paid', 'fulfilled')
    AND placed_at >= CAST(:now AS timestamptz) - interval '4320 hours'
    AND placed_at <= CAST(:now AS timestamptz)
    AND customer_id IS NOT NULL
  GROUP BY customer_id
  HAVING count(*) >= 3
) AS o
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = o.customer_id AND c.deleted_at IS NOT NULL
)
