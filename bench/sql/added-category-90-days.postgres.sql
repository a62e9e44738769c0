-- Some event "Product Added" of the 90 days (90 x 24 h) up to and including now has the category "Category 7".
SELECT count(*) AS count
FROM (
  SELECT DISTINCT customer_id
  FROM clientele_events
  WHERE tenant_id = 'default'
    AND name = 'Product Added'
    AND occurred_at >= CAST(:now AS timestamptz) - interval '2160 hours'
    AND occurred_at <= CAST(:now AS timestamptz)
    AND properties @> '{"category": "Category 7"}'
) AS f
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = f.customer_id AND c.deleted_at IS NOT NULL
)
