/** A text without what may be a code, a token or an address: it can be read by people who must not use them. */
export function masked(text: string): string {
  return text
    .replaceAll(/[^\s<>"'(),;:@]+@[^\s<>"'(),;:@]+/g, '•••@•••')
    .replaceAll(/\d(?:[ -]?\d){3,}/g, '••••')
    .replaceAll(/[\w-]{20,}/g, '••••')
}
