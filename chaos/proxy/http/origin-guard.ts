import { isIP } from 'node:net'

/** A browser's request, as far as the guard looks at it. */
export interface GuardedRequest {
  readonly userAgent: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
}

/**
 * Says why a browser's request is refused, or undefined. A page may call us when it comes from this machine, from where it
 * got to us, or from an origin that was allowed by name. What is no browser has no origin, and passes.
 */
export function refuseOrigin(
  request: GuardedRequest,
  allowed: readonly string[],
): string | undefined {
  const browser = request.userAgent?.startsWith('Mozilla/') === true || request.origin !== undefined
  if (!browser) return undefined
  const hostname = hostnameOf(`http://${request.host ?? ''}`)
  const origin = request.origin
  if (origin !== undefined) {
    if (allowed.includes(origin)) return undefined
    const from = hostnameOf(origin)
    if (from === undefined || (!isLoopback(from) && from !== hostname)) return 'origin not allowed'
  }
  // A name that is made to point here (DNS rebinding) would pass as its own origin.
  if (hostname === undefined || (!isLoopback(hostname) && isIP(hostname) === 0))
    return 'host not allowed'
  return undefined
}

function hostnameOf(url: string): string | undefined {
  return URL.parse(url)?.hostname.replace(/^\[(.*)\]$/, '$1')
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '::1' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  )
}
