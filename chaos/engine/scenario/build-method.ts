import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import type {
  FaultStep,
  MethodStep,
  TimedStep,
  TrapStep,
  Workload,
} from '#chaos/contracts/scenario.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'
import { client } from '#services/topology.ts'

import { resolveTargets } from '../targets.ts'
import type { InjectFile, ThenFile, TimedStepFile, TrapStepFile } from './method-schema.ts'
import type { ScenarioErrors } from './scenario-errors.ts'
import type { Vocabulary } from './scenario-schema.ts'

interface Surroundings {
  readonly workload: Workload
  readonly words: Vocabulary
  readonly mistakes: ScenarioErrors
}

type Path = readonly string[]

/** Targets of a trap's fault: the two ends of the link that its message passed. */
export const trapEnds: readonly string[] = ['caller', 'callee']

/** The steps of a scenario file, with every target known and every time within the load. */
export function buildMethod(
  steps: readonly (TimedStepFile | TrapStepFile)[],
  around: Surroundings,
): readonly MethodStep[] {
  return steps.map((step, i) => {
    const path = ['method', String(i)]
    return 'when' in step ? buildTrap(step, path, around) : buildTimed(step, path, around)
  })
}

function buildTimed(step: TimedStepFile, path: Path, around: Surroundings): TimedStep {
  return {
    ...buildWhen(step, path, around),
    inject: buildFault(step.inject, [...path, 'inject'], around, []),
    ...lasting(step.for, [...path, 'for'], around),
  }
}

function buildWhen(
  { at, after }: TimedStepFile,
  path: Path,
  around: Surroundings,
): Pick<TimedStep, 'at' | 'fromStepBefore'> {
  const { mistakes } = around
  if (at !== undefined && after !== undefined)
    throw mistakes.at(path, 'has both at and after', 'Keep one of them.')
  if (at !== undefined) return { at: withinLoad(at, [...path, 'at'], around) }
  if (after === undefined)
    throw mistakes.at(path, 'does not say when', 'Give at: 2s, or after: 2s.')
  if (path.at(-1) === '0')
    throw mistakes.at(
      [...path, 'after'],
      'has no step before it',
      'Give the first step a time: at: 2s.',
    )
  return { at: withinLoad(after, [...path, 'after'], around), fromStepBefore: true }
}

function buildTrap(step: TrapStepFile, path: Path, around: Surroundings): TrapStep {
  const { when, inject } = step
  const { mistakes } = around
  const links = mistakes.locate([...path, 'when', 'link'], () => resolveTargets('link', when.link))
  if (step.then === undefined && inject === undefined)
    throw mistakes.at(path, 'says when but not what', 'Add then: cut, or inject: a fault.')
  return {
    when: {
      link: when.link,
      exchange: when.exchange,
      nth: when.nth ?? 1,
      phase: when.phase,
      ...(when.transaction === undefined ? {} : { transaction: when.transaction }),
      fromMs:
        when.from === undefined ? 0 : withinLoad(when.from, [...path, 'when', 'from'], around),
    },
    // oxlint-disable-next-line unicorn/no-thenable -- the word of the scenario file
    ...(step.then === undefined ? {} : { then: buildThen(step.then) }),
    ...(inject === undefined
      ? {}
      : { inject: buildFault(inject, [...path, 'inject'], around, endsOf(links)) }),
    ...lasting(step.for, [...path, 'for'], around),
  }
}

/** The ends of these links that a fault can be injected into: the client is no instance. */
function endsOf(links: readonly string[]): readonly string[] {
  return links.some((link) => link.startsWith(`${client}:`)) ? ['callee'] : trapEnds
}

function buildThen(then: ThenFile): NonNullable<TrapStep['then']> {
  return typeof then === 'string' ? then : { delayMs: parseDuration(then.delay) }
}

function buildFault(
  inject: InjectFile,
  path: Path,
  { words, mistakes }: Surroundings,
  ends: readonly string[],
): FaultStep {
  const [[kind, given] = ['', {}]] = Object.entries(inject)
  const fault = words.faults.find((known) => known.kind === kind)
  if (fault === undefined) throw mistakes.at(path, `names the unknown fault "${kind}"`)
  const { [fault.target]: named, ...params } = given
  const target = typeof named === 'string' ? named : (fault.stores?.[0] ?? '')
  const isEnd = fault.target === 'instance' && trapEnds.includes(target)
  if (isEnd && !ends.includes(target))
    throw mistakes.at(
      [...path, kind, fault.target],
      ends.length === 0
        ? `is "${target}", which only a step with "when" has`
        : `is "${target}", and on this link that is the client, which is no instance`,
      'Name the instance, or a pattern such as worker-*.',
    )
  if (!isEnd)
    mistakes.locate([...path, kind, fault.target], () => resolveTargets(fault.target, target))
  return { kind, target, params }
}

function withinLoad(text: string, path: Path, { workload, mistakes }: Surroundings): number {
  const atMs = parseDuration(text)
  if (atMs < workload.durationMs) return atMs
  throw mistakes.at(
    path,
    `is ${text}, but the load is over after ${formatDuration(workload.durationMs)}`,
    'Break it earlier, or give workload.duration more time.',
  )
}

function lasting(text: string | undefined, path: Path, { mistakes }: Surroundings) {
  if (text === undefined) return {}
  const forMs = parseDuration(text)
  if (forMs > 0 && forMs <= leaseMaxMs) return { forMs }
  throw mistakes.at(
    path,
    `must be more than 0s and at most ${formatDuration(leaseMaxMs)}, got ${text}`,
  )
}
