-- "Product Added" at most a day (24 h) after, and later than, a "Product Viewed", both in the 30 days up to and including now.
SELECT count(*) AS count
FROM (
  SELECT DISTINCT e.customer_id
  FROM clientele_events AS e INDEXED BY clientele_events_name_occurred_at_customer_id_idx
  WHERE e.tenant_id = 'default'
    AND e.name = 'Product Added'
    AND e.occurred_at >= :now - 2592000000
    AND e.occurred_at <= :now
    AND EXISTS (
      SELECT 1
      FROM clientele_events AS f
      WHERE f.tenant_id = 'default'
        AND f.customer_id = e.customer_id
        AND f.name = 'Product Viewed'
        AND f.occurred_at < e.occurred_at
        AND f.occurred_at >= e.occurred_at - 86400000
        AND f.occurred_at >= :now - 2592000000
    )
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
