import type { InstanceState, InstanceStatus, StatusOptions } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { acceptsConnections } from '../../accepts-connections.ts'
import type { LocalInstance } from './local-instance.ts'

/** What a runtime can do with one of its parts. */
export type RuntimePart = Pick<
  LocalInstance,
  'name' | 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'status' | 'onReport' | 'onKeeperEnd'
>

/** A store of the user, which runs already. Only its links can fail: this project never stops it. */
export function usersStore(store: {
  readonly name: string
  readonly host: string
  readonly port: number
}): RuntimePart {
  const { name, host, port } = store
  const refuse = async (): Promise<never> => {
    throw new InputError(`${name} is your own store, and only you stop it.`, {
      remedy: `Inject a fault on a link to it instead, for example: unhappy inject refuse '*:${name}'`,
      status: 409,
    })
  }
  return {
    name,
    start: async () => {
      if (await acceptsConnections(port, host)) return
      throw new InputError(`The store ${name} accepts no connection at ${host}:${port}.`, {
        remedy: 'Start it, or correct its address in the system file.',
      })
    },
    stop: refuse,
    kill: refuse,
    pause: refuse,
    resume: async () => undefined,
    status: async (options?: StatusOptions): Promise<InstanceStatus> => {
      const late = AbortSignal.timeout(options?.probeWithinMs ?? 1_000)
      const { promise, resolve } = Promise.withResolvers<boolean>()
      late.addEventListener('abort', () => resolve(false), { once: true })
      const accepts = await Promise.race([acceptsConnections(port, host), promise])
      const state: InstanceState = accepts ? 'ready' : 'unready'
      return { name, kind: 'store', state, restarts: 0 }
    },
    onReport: () => undefined,
    onKeeperEnd: () => undefined,
  }
}
