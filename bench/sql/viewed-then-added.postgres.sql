-- "Product Added" at most a day (24 h) after, and later than, a "Product Viewed", both in the 30 days up to and including now.
SELECT count(*) AS count
FROM (
  SELECT DISTINCT e.customer_id
  FROM clientele_events AS e
  WHERE e.tenant_id = 'default'
    AND e.name = 'Product Added'
    AND e.occurred_at >= CAST(:now AS timestamptz) - interval '720 hours'
    AND e.occurred_at <= CAST(:now AS timestamptz)
    AND EXISTS (
      SELECT 1
      FROM clientele_events AS f
      WHERE f.tenant_id = 'default'
        AND f.customer_id = e.customer_id
        AND f.name = 'Product Viewed'
        AND f.occurred_at < e.occurred_at
        AND f.occurred_at >= e.occurred_at - interval '24 hours'
        AND f.occurred_at >= CAST(:now AS timestamptz) - interval '720 hours'
    )
) AS f
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = f.customer_id AND c.deleted_at IS NOT NULL
)
