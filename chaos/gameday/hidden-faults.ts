import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { ActionKind, IncidentFault } from '#chaos/contracts/gameday/incident.ts'
import type { LinkControl } from '#chaos/contracts/links.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import { createFaultRegistry } from '#chaos/engine/fault-registry.ts'
import { createJournal } from '#chaos/engine/journal.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import type { Random } from '#chaos/lib/random.ts'

/** The faults of an incident. They are in no list, event or metric that a user of the sandbox can read. */
export interface HiddenFaults extends AsyncDisposable {
  /** Injects the fault on each of its targets as a fault of its own, so an action can end it on one of them. */
  inject(fault: IncidentFault, signal: AbortSignal): Promise<void>
  /** Ends the faults that this action ends on these parts. Resolves with their targets. */
  endBy(action: ActionKind, parts: readonly string[]): Promise<readonly string[]>
  /** Heals all of them. Throws if one cannot be healed. */
  healAll(): Promise<void>
  list(): readonly ActiveFault[]
}

/** What of a sandbox the faults of incidents need. */
export type HidingSandbox = Pick<
  Sandbox,
  | 'system'
  | 'runtime'
  | 'links'
  | 'profiles'
  | 'clock'
  | 'environmentOf'
  | 'code'
  | 'supervision'
  | 'faults'
>

/**
 * A registry of its own with a journal that nothing reads. The data plane hides the toxics. The ids are random words, because the
 * names of toxics contain them. A heal or a halt of the sandbox must also call {@link HiddenFaults.healAll}.
 */
export function createHiddenFaults(sandbox: HidingSandbox, random: Random): HiddenFaults {
  const { system, runtime, clock } = sandbox
  let application = defaultApplication
  const registry = createFaultRegistry({
    topology: system.topology,
    links: hidingLinks(sandbox.links),
    runtime: withApplication(runtime, () => application),
    profiles: sandbox.profiles,
    clock,
    random,
    environmentOf: (name) => sandbox.environmentOf(name),
    codeOf: (name) => sandbox.code.environmentOf(name),
    leaveToSupervisor: (name) => sandbox.supervision.takeOver(name),
    journal: createJournal(clock),
    idOf: () => `n${random.integer(0, 0xffff_ffff).toString(36)}`,
  })
  const endedBy = new Map<string, readonly ActionKind[]>()
  const healAll = async (): Promise<void> => {
    const { couldNotUndo } = await registry.healAll('run-ended')
    endedBy.clear()
    if (couldNotUndo.length === 0) return
    throw new Error(couldNotUndo.map(({ what, error }) => `${what}: ${error}`).join('; '))
  }
  return {
    inject: async (fault, signal) => {
      const { kind, params = {} } = fault
      const targets = resolveTargets(system.topology, faultNamed(kind).target, fault.target)
      application = fault.application ?? defaultApplication
      const injectOn = async (target: string): Promise<void> => {
        const request = { kind, target, params, leaseMs: leaseMaxMs, by: 'scenario' } as const
        const { id } = await registry.inject(request, signal)
        endedBy.set(id, fault.endedBy ?? [])
      }
      if (fault.oneByOne === true) for (const target of targets) await injectOn(target)
      else await Promise.all(targets.map(injectOn))
    },
    endBy: async (action, parts) => {
      const ended = registry
        .list()
        .filter(
          ({ id, targets }) =>
            endedBy.get(id)?.includes(action) === true &&
            targets.every((target) => parts.includes(target)),
        )
      await Promise.all(ended.map(async ({ id }) => await registry.heal(id, 'asked')))
      return ended.flatMap(({ targets }) => targets)
    },
    healAll,
    list: () => registry.list(),
    [Symbol.asyncDispose]: async () => await registry[Symbol.asyncDispose](),
  }
}

const defaultApplication = 'psql'

function hidingLinks(links: LinkControl): LinkControl {
  return {
    ...links,
    addToxic: async (link, toxic) => await links.addToxic(link, { ...toxic, hidden: true }),
  }
}

/** Sessions of a fault call themselves what they would be called outside of a sandbox: `pg_stat_activity` is public. */
function withApplication(runtime: Runtime, application: () => string): Runtime {
  const named = (url: string): string => {
    const changed = new URL(url)
    changed.searchParams.set('application_name', application())
    return changed.href
  }
  const addresses = new Proxy(runtime.addresses, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key)
      if (typeof value === 'function') return value.bind(target) as unknown
      const isDatabase = key === 'databaseUrl' || key === 'serviceDatabaseUrl'
      return isDatabase && typeof value === 'string' ? named(value) : value
    },
  })
  return new Proxy(runtime, {
    get: (target, key) => {
      if (key === 'addresses') return addresses
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
