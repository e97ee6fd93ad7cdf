/**
 * A path without what changes from request to request: the query is left out, a segment with a digit in it becomes
 * `:id` (versions such as `v1` stay), and so does a last segment behind a plural: `/orders/7` and `/products/tea` are
 * `/orders/:id` and `/products/:id`.
 */
export function maskPath(target: string): string {
  const path = target.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] ?? ''
  const segments = path.split('/')
  const masked = segments.map((segment, i) => {
    if (/\d/.test(segment) && !/^v\d{1,2}$/.test(segment)) return ':id'
    const behindPlural = i > 1 && i === segments.length - 1 && /[a-z]s$/.test(segments[i - 1] ?? '')
    return behindPlural && segment !== '' ? ':id' : segment
  })
  return masked.join('/') || '/'
}
