-- At least 3 events "Product Viewed" in the 30 days (30 x 24 h) up to and including now.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_events
  WHERE tenant_id = 'default'
    AND name = 'Product Viewed'
    AND occurred_at >= CAST(:now AS timestamptz) - interval '720 hours'
    AND occurred_at <= CAST(:now AS timestamptz)
  GROUP BY customer_id
  HAVING count(*) >= 3
) AS f
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = f.customer_id AND c.deleted_at IS NOT NULL
)
