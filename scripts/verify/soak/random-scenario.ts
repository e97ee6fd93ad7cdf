import { stringify } from 'yaml'

import type { FaultStep } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { withAllProfiles } from '#chaos/contracts/topology.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import type { Random } from '#chaos/lib/random.ts'

import { isLimited } from './limited.ts'
import { randomFault, targetsOf } from './random-fault.ts'

export interface RandomScenario {
  readonly title: string
  readonly kinds: readonly AnyFault[]
  readonly system: Pick<System, 'topology' | 'limits' | 'checks'>
  /** Only faults that may break a promise, or only the others. */
  readonly limited: boolean
  readonly random: Random
  readonly durationMs: number
}

/** Time between two faults. Each lasts longer than that on average, so they overlap. */
const gapMs = { min: 500, max: 3_500 }
const lastsMs = { min: 500, max: 8_000 }
/** Without a fault at the end, so the last ones show what they leave behind. */
const calmMs = 3_000
/** How long everything may take to settle after the heal. */
const recoveryMs = 90_000

/**
 * A scenario file with faults of every kind in random order, again and again, on random targets. What must not happen under
 * any fault is checked, and that everything settles after the heal. Availability is not: some faults are outages.
 */
export function randomScenario(given: RandomScenario): string {
  const { system } = given
  const options = { ...given, system: { ...system, topology: withAllProfiles(system.topology) } }
  const { title, random, durationMs } = options
  const deck = deckOf(
    options.kinds.filter((fault) => hasTargets(fault, options)),
    random,
  )
  const method: object[] = []
  for (let at = 1_000; at < durationMs - calmMs; at += random.integer(gapMs.min, gapMs.max)) {
    const fault = deck()
    const { kind, target, params } = draw(fault, options)
    method.push({
      at: `${at}ms`,
      inject: { [kind]: { [fault.target]: target, ...params } },
      for: `${random.integer(lastsMs.min, lastsMs.max)}ms`,
    })
  }
  const file = {
    title,
    steadyState: '2s',
    recovery: formatDuration(recoveryMs),
    workload: {
      orders: '8/s',
      browse: '8/s',
      quotes: '3/s',
      reads: '3/s',
      duplicates: 0.1,
      declined: 0.05,
      disputed: 0.05,
      duration: formatDuration(durationMs),
    },
    // Every part of the system runs, also those that run only when asked.
    shop: { profiles: (options.system.topology.profiles ?? []).map(({ name }) => name) },
    method,
    expect: checksOf(options.system),
  }
  // A scenario file has no YAML aliases.
  return stringify(file, { aliasDuplicateObjects: false })
}

/** Everything that must never happen, and that everything ends. */
function checksOf({ checks }: Pick<System, 'checks'>): readonly unknown[] {
  const never = Object.values(checks).filter(
    ({ safety, params }) => safety === true && Object.keys(params.properties).length === 0,
  )
  return [
    ...never.map(({ name }) => name),
    'no-stuck-orders',
    'events-recorded',
    'payment-state-agrees',
    { 'recovers-within': { withinMs: recoveryMs } },
  ]
}

/** A random fault on a target that may be hit here. */
function draw(fault: AnyFault, { system, random, limited }: RandomScenario): FaultStep {
  for (;;) {
    const drawn = randomFault(fault, system.topology, random)
    if (isLimited(drawn, fault, system) === limited) return drawn
  }
}

function hasTargets(fault: AnyFault, { system, limited }: RandomScenario): boolean {
  return targetsOf(fault, system.topology).some(
    (target) => isLimited({ kind: fault.kind, target }, fault, system) === limited,
  )
}

/** Every kind once in random order, then every kind once more, and so on. */
function deckOf(kinds: readonly AnyFault[], random: Random): () => AnyFault {
  let left: AnyFault[] = []
  return () => {
    if (left.length === 0) left = [...kinds]
    return left.splice(random.integer(0, left.length - 1), 1)[0] as AnyFault
  }
}
