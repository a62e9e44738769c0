-- Some event "Product Added" of the 90 days (90 x 24 h) up to and including now has the category "Category 7".
SELECT count(*) AS count
FROM (
  SELECT DISTINCT customer_id
  FROM clientele_events INDEXED BY clientele_events_name_occurred_at_customer_id_idx
  WHERE tenant_id = 'default'
    AND name = 'Product Added'
    AND occurred_at >= :now - 7776000000
    AND occurred_at <= :now
    AND properties ->> '$.category' = 'Category 7'
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
