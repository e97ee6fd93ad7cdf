import { createHash, timingSafeEqual } from 'node:crypto'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import type { DataPlane, ProxyInput } from '../plane/data-plane.ts'

/** Where a proxy listens and where it leads to. Undefined fields stay as they are. */
interface Route {
  readonly listen: string | undefined
  readonly upstream: string | undefined
}

/** Which proxies a request may create or change. */
export interface ProxyPolicy {
  /** Throws a {@link DataPlaneError} (403). */
  check(name: string, route: Route, authorization: string | undefined): Promise<void>
}

/** Toxiproxy's rule. */
export const anyProxy: ProxyPolicy = { check: async () => undefined }

/**
 * Permits the proxies that exist now and those of the configuration file, with their own listeners, and with their own upstreams or
 * the alternatives that the file gives them. Anything else needs the secret; without a secret it is always refused. So another
 * user of the machine cannot make this process listen or connect elsewhere.
 */
export function ownProxiesOnly(
  plane: DataPlane,
  secret: string | undefined,
  configured: readonly ProxyInput[] = [],
): ProxyPolicy {
  const own = new Map<string, OwnRoute>(
    configured.map(({ name, listen, upstream, alternatives = [] }) => [
      name,
      { listen, upstream, alternatives },
    ]),
  )
  // What listens now has its port: the file may say 0.
  for (const { name, listen, upstream } of plane.links.values())
    own.set(name, { listen, upstream, alternatives: own.get(name)?.alternatives ?? [] })
  const keeps = async (given: Route, route: OwnRoute | undefined): Promise<boolean> =>
    route !== undefined &&
    [undefined, route.upstream, ...route.alternatives].includes(given.upstream) &&
    (given.listen === undefined || (await plane.isSameAddress(given.listen, route.listen)))
  return {
    check: async (name, route, authorization) => {
      if (secret !== undefined && isSame(authorization ?? '', `Bearer ${secret}`)) return
      if (await keeps(route, own.get(name))) return
      const now = plane.links.get(name)
      if (
        now !== undefined &&
        (await keeps(route, { listen: now.listen, upstream: now.upstream, alternatives: [] }))
      )
        return
      throw foreign(name, own.get(name))
    },
  }
}

interface OwnRoute {
  readonly listen: string
  readonly upstream: string
  readonly alternatives: readonly string[]
}

function foreign(name: string, proxy: OwnRoute | undefined): DataPlaneError {
  const message =
    proxy === undefined
      ? `proxy "${name}" does not belong to this sandbox`
      : `proxy "${name}" of this sandbox listens on ${proxy.listen} and leads to ${proxy.upstream}`
  return new DataPlaneError(
    403,
    `${message}: send authorization: Bearer SECRET, or use a data plane of your own (unhappy proxy)`,
  )
}

function isSame(sent: string, expected: string): boolean {
  const [one, other] = [sent, expected].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}
