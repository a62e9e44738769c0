-- At least two of: the country is Brazil; the total spend is at least 500.00; marketing is accepted.
SELECT count(*) AS count
FROM clientele_customers AS c
JOIN clientele_customer_metrics AS m ON m.tenant_id = 'default' AND m.id = c.id
WHERE c.tenant_id = 'default'
  AND c.deleted_at IS NULL
  AND (c.country = 'BR' OR c.accepts_marketing)
  AND (m.total_spend >= 50000 OR (c.country = 'BR' AND c.accepts_marketing))
