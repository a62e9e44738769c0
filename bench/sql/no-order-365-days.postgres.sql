-- No paid or fulfilled order in the 365 days (365 x 24 h) up to and including now. All but those who have one.
SELECT (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default'
) - (
  SELECT count(*) FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL
) - (
  SELECT count(*)
  FROM (
    SELECT DISTINCT customer_id
    FROM clientele_orders
    WHERE tenant_id = 'default'
      AND state IN ('paid', 'fulfilled')
      AND placed_at >= CAST(:now AS timestamptz) - interval '8760 hours'
      AND placed_at <= CAST(:now AS timestamptz)
      AND customer_id IS NOT NULL
  ) AS o
  WHERE NOT EXISTS (
    SELECT FROM clientele_customers AS c
    WHERE c.tenant_id = 'default' AND c.id = o.customer_id AND c.deleted_at IS NOT NULL
  )
) AS count
