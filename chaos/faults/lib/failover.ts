import { Type } from 'typebox'

import type { FaultContext, FaultRequest, InjectedFault } from '#chaos/contracts/fault.ts'
import type { RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { injectAll } from './inject-all.ts'
import { durationParameter } from './parameters.ts'
import { holdReplica } from './replica.ts'
import type { Replica } from './replica.ts'

const losesDefault = '1s'

/** What a failover takes from the replica before its promotion: `changes` of Redis, `commits` of Postgres. */
export function losesParameter(what: string) {
  return Type.Optional(
    durationParameter(
      `The replica stops receiving ${what} for this long before it becomes the primary. ${losesDefault} when absent.`,
    ),
  )
}

export interface FailoverServers extends Pick<FaultRequest<unknown>, 'by'> {
  readonly primary: string
  readonly replica: string
}

export interface Failover {
  readonly routes: FailoverRoutes
  /** Returns how many changes of the primary the replica does not have. */
  failOver(losesMs: number): Promise<number>
  /** Makes the store the primary again, with everything that the replica has received as the primary. */
  switchBack(): Promise<void>
  /** Makes the replica a replica again, if a run, a user or another fault still needs it. */
  followAgain?(): Promise<void>
}

/** Starts the replica of the store, promotes it, and switches back when it heals. */
export async function injectFailover(
  request: FaultRequest<{ readonly loses?: string }>,
  context: FaultContext,
  {
    open,
    lost: { one, many },
  }: {
    readonly open: (context: FaultContext, servers: FailoverServers) => Failover
    /** What the replica has not received, with a verb: `commit is`, `commits are`. */
    readonly lost: { readonly one: string; readonly many: string }
  },
): Promise<InjectedFault> {
  const [primary = ''] = request.targets
  const losesMs = parseDuration(request.params.loses ?? losesDefault)
  let replica: Replica | undefined
  let failover: Failover | undefined
  let lost = 0
  return await injectAll({
    mechanism: 'a replica is promoted',
    targets: request.targets,
    signal: context.signal,
    apply: async () => {
      replica = await holdReplica(context, request, primary, false)
      failover = open(context, { primary, replica: replica.store.name, by: request.by })
      lost = await failover.failOver(losesMs)
    },
    heal: async () => {
      await failover?.switchBack()
      if ((await replica?.release()) === true) await failover?.followAgain?.()
    },
    remainsOn: (links) => failover?.routes.remainsOn(links) ?? true,
    describe: () => ({
      mechanism: `${replica?.store.name} is the primary; ${lost} ${lost === 1 ? one : many} lost`,
      // Without a loss it is still a failover: every link leads to another server.
      ...(lost > 0 ? { hit: lost } : {}),
    }),
  })
}

/** Moves the traffic of a store to its replica and back. */
export interface FailoverRoutes {
  readonly profiles: RuntimeProfiles
  /** New connections lead to this store, and the sandbox reads the truth there. Live connections stay. */
  moveTo(primary: string): Promise<void>
  /** Whether a link leads to the replica. False after a restart of the data plane. */
  readonly remainsOn: NonNullable<InjectedFault['remainsOn']>
}

/** The routes of a failover from a store to its replica. Throws {@link InputError} in a runtime without replicas. */
export function failoverRoutes(
  { runtime, links, topology }: Pick<FaultContext, 'runtime' | 'links' | 'topology'>,
  store: string,
  replica: string,
): FailoverRoutes {
  const { profiles } = runtime
  if (profiles === undefined)
    throw new InputError(`The runtime "${runtime.kind}" has no replicas.`, { status: 501 })
  const names = topology.links.filter(({ callee }) => callee === store).map(({ name }) => name)
  const replicaAddress = profiles.addressOf(replica)
  return {
    profiles,
    moveTo: async (primary) => {
      const address = profiles.addressOf(primary)
      await Promise.all(names.map(async (name) => await links.lead(name, address)))
      profiles.setPrimary(store, primary)
    },
    remainsOn: (statuses) => statuses.some(({ upstream }) => upstream === replicaAddress),
  }
}
