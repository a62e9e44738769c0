import { dayIn, instantOf, session } from '@clientele/admin-sdk'

/** `{30d}` is the midnight with which the day began that was 30 days ago, in the tenant's zone. */
export function withDays(text: string): string {
  const zone = session.value?.tenant.timeZone ?? 'UTC'
  return text.replace(/\{(\d+)d\}/g, (_, days: string) => instantOf(dayIn(zone, -Number(days)), zone))
}
