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
 * Permits the proxies that exist now and the optional ones, with their own listeners and upstreams, and changes that keep both. Anything else
 * needs the secret; without a secret it is always refused. So another user of the machine cannot make this process listen
 * or connect elsewhere.
 */
export function ownProxiesOnly(
  plane: DataPlane,
  secret: string | undefined,
  optional: readonly ProxyInput[] = [],
): ProxyPolicy {
  const own = new Map(
    [...plane.links.values(), ...optional].map(({ name, listen, upstream }) => [
      name,
      { listen, upstream },
    ]),
  )
  const keeps = async (given: Route, route: Route | undefined): Promise<boolean> =>
    route !== undefined &&
    (given.upstream ?? route.upstream) === route.upstream &&
    (given.listen === undefined || (await plane.isSameAddress(given.listen, route.listen ?? '')))
  return {
    check: async (name, route, authorization) => {
      if (secret !== undefined && isSame(authorization ?? '', `Bearer ${secret}`)) return
      if (await keeps(route, own.get(name))) return
      if (await keeps(route, plane.links.get(name))) return
      throw foreign(name, own.get(name))
    },
  }
}

function foreign(name: string, proxy: Route | undefined): DataPlaneError {
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
