-- No event "Order Completed" in the 180 days (180 x 24 h) up to and including now. All but those who have one.
SELECT (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default'
) - (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL
) - (
  SELECT count(*)
  FROM (
    SELECT DISTINCT customer_id
    FROM clientele_events
    WHERE tenant_id = 'default'
      AND name = 'Order Completed'
      AND occurred_at >= CAST(:now AS timestamptz) - interval '4320 hours'
      AND occurred_at <= CAST(:now AS timestamptz)
  ) AS f
  WHERE NOT EXISTS (
    SELECT FROM clientele_customers AS c
    WHERE c.tenant_id = 'default' AND c.id = f.customer_id AND c.deleted_at IS NOT NULL
  )
) AS count
