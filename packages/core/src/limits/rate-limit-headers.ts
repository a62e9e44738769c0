/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) of a 429. */
export function rateLimitHeaders(params: Readonly<Record<string, unknown>>): Record<string, string> {
  const { policy, limit, perSeconds, retryAfterSeconds } = params
  if (typeof policy !== 'string' || typeof limit !== 'number') return {}
  return {
    'ratelimit-policy': `"${policy}";q=${limit};w=${Number(perSeconds)}`,
    ratelimit: `"${policy}";r=0;t=${Number(retryAfterSeconds)}`,
  }
}
