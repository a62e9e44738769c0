-- At least two of: the country is Brazil; the total spend is at least 500.00; marketing is accepted.
SELECT count(*) AS count
FROM clientele_customers AS c NOT INDEXED
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND CASE (c.country IS 'BR') + (c.accepts_marketing <> 0)
    WHEN 2 THEN 1
    WHEN 1 THEN (
      SELECT m.total_spend >= 50000
      FROM clientele_customer_metrics AS m
      WHERE m.tenant_id = 'default' AND m.id = c.id
    )
    ELSE 0
  END
