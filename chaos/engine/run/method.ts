import type { TrapEvent } from '#chaos/contracts/links.ts'
import type { MethodStep, TimedStep } from '#chaos/contracts/scenario.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'
import { leaseFor, waitFor } from './method-time.ts'
import type { MethodTime } from './method-time.ts'
import { faultOutcome, stepTitle } from './step-outcome.ts'
import type { StepOutcome } from './step-outcome.ts'
import { runTrapStep } from './trap-step.ts'
import type { TrapPlace } from './trap-step.ts'

/**
 * Runs every step at its time. Returns the outcome of each. Rejects only when the run is aborted. `onTimed` is called when a
 * timed step has ended: done, failed, or never to happen.
 */
export async function runMethod(
  sandbox: Sandbox,
  steps: readonly MethodStep[],
  time: MethodTime,
  run: string,
  onTimed: () => void = () => {},
): Promise<readonly StepOutcome[]> {
  const running: Promise<StepOutcome>[] = []
  let hitBefore: Promise<TrapEvent | null> = Promise.resolve(null)
  for (const [i, step] of steps.entries()) {
    if ('at' in step) {
      const place = { index: i, before: running.at(-1) }
      running.push(runTimedStep(sandbox, step, place, time).finally(onTimed))
      continue
    }
    const hit = Promise.withResolvers<TrapEvent | null>()
    const next = steps[i + 1]
    const place: TrapPlace = {
      index: i,
      id: `${run}-${i}`,
      time,
      hitBefore,
      onHit: hit.resolve,
      namesOrder: next !== undefined && 'when' in next && next.when.sameOrder === true,
    }
    running.push(runTrapStep(sandbox, step, place).finally(() => hit.resolve(null)))
    hitBefore = hit.promise
  }
  const outcomes = await Promise.all(running)
  time.signal.throwIfAborted()
  return outcomes
}

async function runTimedStep(
  sandbox: Sandbox,
  step: TimedStep,
  place: { readonly index: number; readonly before: Promise<StepOutcome> | undefined },
  time: MethodTime,
): Promise<StepOutcome> {
  const { clock, faults } = sandbox
  const title = stepTitle(step, place.index)
  const before = step.fromStepBefore === true ? await place.before : undefined
  if (before !== undefined && before.state !== 'done')
    return { title, state: 'never', why: 'the previous step did not happen' }
  const countsFromMs = before === undefined ? 0 : (before.onMs ?? time.startMs) - time.startMs
  const atMs = Math.max(countsFromMs + step.at, step.notBeforeMs ?? 0)
  if (!(await waitFor(atMs, time, clock)))
    return { title, state: 'never', why: 'the load ended before its time' }
  const fromMs = clock.now()
  try {
    const active = await faults.inject(
      {
        ...step.inject,
        by: 'scenario',
        random: time.random.fork(`method[${place.index}]`),
        ...(step.forMs === undefined
          ? { leaseMs: leaseFor(time, clock) }
          : { lastsMs: step.forMs }),
      },
      time.signal,
    )
    return { title, state: 'done', fromMs, onMs: clock.now(), ...faultOutcome(active) }
  } catch (error) {
    return { title, state: 'failed', why: messageOf(error), fromMs }
  }
}
