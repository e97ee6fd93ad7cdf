import { isIP } from 'node:net'

/** The headers that the guard reads. */
export interface GuardedRequest {
  readonly userAgent: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
}

/**
 * Why a browser's request is refused; undefined if it is allowed. A page may call the API if its origin is this machine, the
 * host that it calls, or one of `allowed`. Requests of other programs have no origin and are allowed.
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
  // With DNS rebinding, a foreign host name points to this machine and equals the page's own origin.
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
