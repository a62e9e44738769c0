-- Consent to marketing, on every channel, was revoked. A customer has one answer to each purpose and channel.
SELECT count(*) AS count
FROM (
  SELECT customer_id
  FROM clientele_consent_states
  WHERE tenant_id = 'default'
    AND purpose = 'marketing'
    AND channel = '*'
    AND state = 'revoked'
)
WHERE customer_id NOT IN (SELECT id FROM clientele_customers WHERE tenant_id = 'default' AND deleted_at IS NOT NULL)
