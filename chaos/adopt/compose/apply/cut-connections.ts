import type { Project } from '#chaos/runtime/docker/project.ts'
import { runSidecar } from '#chaos/runtime/docker/sidecars/sidecar.ts'

import { ownKeyOf } from '../plan/connections.ts'
import type { DirectSocket } from '../plan/connections.ts'

/** A sidecar that takes longer has lost its engine. */
const cutWithinMs = 60_000

/** What was cut, and what is open now. */
export interface Cut {
  readonly open: readonly DirectSocket[]
  readonly cut: number
  /** The kernel has no function that cuts connections: these are the same ones as before. */
  readonly uncut: readonly DirectSocket[]
}

/** Ends connections in the network namespace of one container. */
export type EndIn = (container: string, addresses: readonly string[]) => Promise<void>

/**
 * Cuts connections in their callers' network namespaces: each caller receives ECONNABORTED and connects again, by a name through the
 * link. A connection without a container of the project at its caller's end stays.
 */
export async function cutConnections(
  direct: readonly DirectSocket[],
  parts: { readonly endIn: EndIn; readonly find: () => Promise<readonly DirectSocket[]> },
): Promise<Cut> {
  const ours = direct.filter((socket) => socket.container !== undefined)
  for (const [container, all] of Map.groupBy(ours, (one) => one.container))
    if (container !== undefined)
      await parts.endIn(container, [...new Set(all.map(({ address }) => address))])
  const open = await parts.find()
  const keys = new Set(open.map(ownKeyOf))
  const uncut = ours.filter((one) => keys.has(ownKeyOf(one)))
  return { open, uncut, cut: ours.length - uncut.length }
}

/** With `ss -K`, from a short-lived container that has the right to it. */
export function endWithSs(project: Project): EndIn {
  return async (container, addresses) => {
    const filters = addresses.map((address) => `dst ${bracketed(address)}`)
    await runSidecar(project, {
      kind: 'cut-connections',
      instance: 'caller',
      command: ['sh', '-c', 'for filter in "$@"; do ss -K -t $filter; done', 'cut', ...filters],
      host: { NetworkMode: `container:${container}`, CapAdd: ['NET_ADMIN'] },
      signal: AbortSignal.timeout(cutWithinMs),
    })
  }
}

/** `fd00::2:5432` is `[fd00::2]:5432`. */
function bracketed(address: string): string {
  const at = address.lastIndexOf(':')
  const host = address.slice(0, at)
  return host.includes(':') ? `[${host}]${address.slice(at)}` : address
}
