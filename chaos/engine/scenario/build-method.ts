import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import type {
  FaultStep,
  MethodStep,
  TimedStep,
  TrapStep,
  Workload,
} from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { client } from '#chaos/contracts/topology.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'

import { examplePattern, resolveTargets } from '../targets.ts'
import type { InjectFile, ThenFile, TimedStepFile, TrapStepFile } from './method-schema.ts'
import type { ScenarioErrors } from './scenario-errors.ts'
import type { Vocabulary } from './scenario-schema.ts'

interface BuildContext {
  readonly system: System
  readonly workload: Workload
  readonly words: Vocabulary
  readonly errors: ScenarioErrors
}

type Path = readonly string[]

/** Targets of a trap's fault: the ends of the link that the message passed. */
export const trapEnds: readonly string[] = ['caller', 'callee']

/** The steps of a scenario file. Throws {@link InputError} for an unknown target or a time after the load. */
export function buildMethod(
  steps: readonly (TimedStepFile | TrapStepFile)[],
  context: BuildContext,
): readonly MethodStep[] {
  return steps.map((step, i) => {
    const path = ['method', String(i)]
    if (!('when' in step)) return buildTimed(step, path, context)
    const before = steps[i - 1]
    return buildTrap(step, path, context, before !== undefined && 'when' in before)
  })
}

function buildTimed(step: TimedStepFile, path: Path, context: BuildContext): TimedStep {
  return {
    ...buildWhen(step, path, context),
    inject: buildFault(step.inject, [...path, 'inject'], context, []),
    ...lasting(step.for, [...path, 'for'], context),
  }
}

function buildWhen(
  { at, after, from }: TimedStepFile,
  path: Path,
  context: BuildContext,
): Pick<TimedStep, 'at' | 'fromStepBefore' | 'notBeforeMs'> {
  const { errors } = context
  if (at !== undefined && after !== undefined)
    throw errors.at(path, 'has both at and after', 'Remove one of them.')
  if (at !== undefined && from !== undefined)
    throw errors.at([...path, 'from'], 'needs after', 'Remove from, or use after instead of at.')
  if (at !== undefined) return { at: withinLoad(at, [...path, 'at'], context) }
  if (after === undefined)
    throw errors.at(path, 'has no time', 'Add, for example, at: 2s or after: 2s.')
  if (path.at(-1) === '0')
    throw errors.at(
      [...path, 'after'],
      'is not valid in the first step',
      'Give the first step a time, for example at: 2s.',
    )
  return {
    at: withinLoad(after, [...path, 'after'], context),
    fromStepBefore: true,
    ...(from === undefined ? {} : { notBeforeMs: withinLoad(from, [...path, 'from'], context) }),
  }
}

function buildTrap(
  step: TrapStepFile,
  path: Path,
  context: BuildContext,
  followsTrap: boolean,
): TrapStep {
  const { when, inject } = step
  const { system, errors } = context
  const links = errors.locate([...path, 'when', 'link'], () =>
    resolveTargets(system.topology, 'link', when.link),
  )
  if (when.sameOrder === true && !followsTrap)
    throw errors.at(
      [...path, 'when', 'sameOrder'],
      'needs a trap in the step before',
      'Give the step before a "when", or remove sameOrder.',
    )
  if (step.then === undefined && inject === undefined)
    throw errors.at(path, 'has a trap and no action', 'Add then: cut, or inject: with a fault.')
  return {
    when: {
      link: when.link,
      exchange: when.exchange,
      nth: when.nth ?? 1,
      phase: when.phase,
      ...(when.transaction === undefined ? {} : { transaction: when.transaction }),
      ...(when.sameOrder === undefined ? {} : { sameOrder: when.sameOrder }),
      fromMs:
        when.from === undefined ? 0 : withinLoad(when.from, [...path, 'when', 'from'], context),
    },
    // oxlint-disable-next-line unicorn/no-thenable -- the word of the scenario file
    ...(step.then === undefined ? {} : { then: buildThen(step.then) }),
    ...(inject === undefined
      ? {}
      : { inject: buildFault(inject, [...path, 'inject'], context, endsOf(links)) }),
    ...lasting(step.for, [...path, 'for'], context),
  }
}

/** The ends of these links that a fault can have as its target. The client is not an instance. */
function endsOf(links: readonly string[]): readonly string[] {
  return links.some((link) => link.startsWith(`${client}:`)) ? ['callee'] : trapEnds
}

function buildThen(then: ThenFile): NonNullable<TrapStep['then']> {
  if (typeof then === 'string' || 'until' in then) return then
  return { delayMs: parseDuration(then.delay) }
}

function buildFault(
  inject: InjectFile,
  path: Path,
  { system, words, errors }: BuildContext,
  ends: readonly string[],
): FaultStep {
  const [[kind, given] = ['', {}]] = Object.entries(inject)
  const fault = words.faults.find((known) => known.kind === kind)
  if (fault === undefined) throw errors.at(path, `names the unknown fault "${kind}"`)
  const { [fault.target]: named, ...params } = given
  const target = typeof named === 'string' ? named : (fault.stores?.[0] ?? '')
  const isEnd = fault.target === 'instance' && trapEnds.includes(target)
  if (isEnd && !ends.includes(target))
    throw errors.at(
      [...path, kind, fault.target],
      ends.length === 0
        ? `is "${target}", which is only valid in a step with "when"`
        : `is "${target}", which on this link is the client. The client is not an instance`,
      `Name an instance, or a pattern such as ${examplePattern(system.topology)}.`,
    )
  if (!isEnd)
    errors.locate([...path, kind, fault.target], () =>
      resolveTargets(system.topology, fault.target, target),
    )
  return { kind, target, params }
}

function withinLoad(text: string, path: Path, { workload, errors }: BuildContext): number {
  const atMs = parseDuration(text)
  if (atMs < workload.durationMs) return atMs
  throw errors.at(
    path,
    `is ${text}, but the load ends after ${formatDuration(workload.durationMs)}`,
    'Use an earlier time, or a longer workload.duration.',
  )
}

function lasting(text: string | undefined, path: Path, { errors }: BuildContext) {
  if (text === undefined) return {}
  const forMs = parseDuration(text)
  if (forMs > 0 && forMs <= leaseMaxMs) return { forMs }
  throw errors.at(
    path,
    `must be more than 0s and at most ${formatDuration(leaseMaxMs)}, got ${text}`,
  )
}
