import { randomUUID } from 'node:crypto'

import type { PacketFilter } from '#chaos/contracts/runtime.ts'
import { client } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Project } from '../project.ts'
import { packetRules } from './packet-rules.ts'
import type { PacketRequest, PacketRules } from './packet-rules.ts'
import { runSidecar, startSidecar } from './sidecar.ts'
import type { Sidecar } from './sidecar.ts'

/** The comment of every packet rule begins with this. */
const mark = 'unhappy-path:'

export interface DockerPacketFilter extends PacketFilter {
  /** Adds the rules again: a restarted container has a new, empty network namespace. */
  reapply(instance: string): Promise<void>
  /** Removes rules whose sidecar was killed before it removed them. Returns the rules. */
  flush(instance: string): Promise<readonly string[]>
}

/** The rules for the packets of a request, one set for each instance that holds some. */
export type FindRules = (request: PacketRequest) => Promise<readonly PacketRules[]>

interface Active {
  readonly at: string
  readonly rules: readonly string[]
  readonly endsAt: number
  sidecar: Sidecar
}

/**
 * Drops packets with iptables in the network namespace of an instance. A sidecar that shares the
 * namespace holds the rules for the time of the lease. The instance itself cannot change rules, and
 * packets of other instances are not affected.
 */
export function createPacketFilter(
  project: Project,
  clock: Clock,
  rulesFor: FindRules = rulesOfSystem(project),
): DockerPacketFilter {
  const active = new Set<Active>()

  const holdAll = async (
    request: PacketRequest,
    action: string,
    leaseMs: number,
  ): Promise<AsyncDisposable> => {
    await using held = new AsyncDisposableStack()
    for (const rules of await rulesFor(request)) held.use(await hold(rules, action, leaseMs))
    return held.move()
  }
  const hold = async (
    { at, matches }: PacketRules,
    action: string,
    leaseMs: number,
  ): Promise<AsyncDisposable> => {
    const rules = matches.map((match) => `${match} ${action}`)
    const sidecar = await start(project, at, rules, leaseMs)
    const entry: Active = { at, rules, endsAt: clock.now() + leaseMs, sidecar }
    active.add(entry)
    return {
      [Symbol.asyncDispose]: async () => {
        active.delete(entry)
        await entry.sidecar.stop()
      },
    }
  }

  return {
    partition: async ({ from, to, direction, leaseMs }) =>
      await holdAll({ from, to, direction }, '-j DROP', leaseMs),
    packetLoss: async ({ from, to, probability, leaseMs }) => {
      if (!(probability > 0 && probability <= 1))
        throw new InputError(`${probability} is not a valid share of packets.`, {
          remedy: 'Use a number above 0 and up to 1, for example 0.3.',
        })
      const action = `-m statistic --mode random --probability ${probability} -j DROP`
      return await holdAll({ from, to, direction: 'both' }, action, leaseMs)
    },
    reapply: async (instance) => {
      for (const entry of active) {
        if (entry.endsAt <= clock.now()) active.delete(entry)
        else if (entry.at === instance)
          entry.sidecar = await start(project, instance, entry.rules, entry.endsAt - clock.now())
      }
    },
    flush: async (instance) => {
      const output = await runSidecar(project, {
        kind: 'packet-filter-flush',
        instance,
        command: ['packet-filter-flush', mark],
        host: await inNetworkOf(project, instance),
      })
      return output.split('\n').filter((line) => line !== '')
    },
  }
}

async function start(
  project: Project,
  instance: string,
  rules: readonly string[],
  leaseMs: number,
): Promise<Sidecar> {
  return await startSidecar(project, {
    kind: 'packet-filter',
    instance,
    command: ['packet-filter', String(leaseMs / 1_000), `${mark}${randomUUID()}`, ...rules],
    host: await inNetworkOf(project, instance),
  })
}

async function inNetworkOf(project: Project, instance: string): Promise<object> {
  const { id } = await project.container(instance)
  return { NetworkMode: `container:${id}`, CapAdd: ['NET_ADMIN'] }
}

/** Each caller of a system has a port of its own in the data plane. */
function rulesOfSystem(project: Project): FindRules {
  return async (request) => {
    const addresses = new Map<string, string>()
    for (const name of [request.from, request.to]) {
      if (name === client) continue
      const networks = Object.values((await project.inspect(name)).NetworkSettings.Networks)
      const address = networks[0]?.IPAddress
      if (address) addresses.set(name, address)
    }
    return [packetRules(project.topology, request, (name) => addresses.get(name))]
  }
}
