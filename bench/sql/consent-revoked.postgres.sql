-- Consent to marketing, on every channel, was revoked. A customer has one answer to each purpose and channel.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_consent_states
  WHERE tenant_id = 'default'
    AND purpose = 'marketing'
    AND channel = '*'
    AND state = 'revoked'
) AS f
WHERE NOT EXISTS (
  SELECT FROM clientele_customers AS c
  WHERE c.tenant_id = 'default' AND c.id = f.customer_id AND c.deleted_at IS NOT NULL
)
