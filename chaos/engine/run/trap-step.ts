import type { TrapEvent, TrapRequest } from '#chaos/contracts/links.ts'
import type { TrapStep } from '#chaos/contracts/scenario.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Sandbox } from '../sandbox.ts'
import { trapEnds } from '../scenario/build-method.ts'
import { resolveTargets } from '../targets.ts'
import { leaseFor, waitFor } from './method-time.ts'
import type { MethodTime } from './method-time.ts'
import { faultOutcome, stepTitle } from './step-outcome.ts'
import type { StepOutcome } from './step-outcome.ts'

interface TrapPlace {
  readonly index: number
  readonly id: string
  readonly time: MethodTime
}

/**
 * Arms a trap. When it springs, injects the step's fault while the message is held, and only then cuts the message. A process
 * whose connection is cut before it is killed would still run its error handler.
 */
export async function runTrapStep(
  sandbox: Sandbox,
  step: TrapStep,
  place: TrapPlace,
): Promise<StepOutcome> {
  const { links, journal, clock } = sandbox
  const { id, time } = place
  const title = stepTitle(step, place.index)
  if (!(await waitFor(step.when.fromMs, time, clock)))
    return { title, state: 'never', why: 'the load ended before it was armed' }
  const sprung = Promise.withResolvers<TrapEvent | null>()
  const released = Promise.withResolvers<void>()
  const stopListening = journal.subscribe((event) => {
    if (event.type !== 'trap' || event.id !== id) return
    if (event.what === 'sprung') sprung.resolve(event)
    else released.resolve()
  })
  const giveUp = (): void => {
    sprung.resolve(null)
    released.resolve()
  }
  time.over.addEventListener('abort', giveUp, { once: true })
  if (time.over.aborted) giveUp()
  try {
    await links.armTrap(trapRequest(step, id, leaseFor(time, sandbox.clock)))
    const event = await sprung.promise
    if (event === null) return { title, state: 'never', why: whyNotSprung(step) }
    const outcome = await afterSpring(sandbox, step, event, place)
    // Disarming delivers a held message at once, so a delayed message must be delivered first.
    if (step.inject === undefined && typeof step.then === 'object') await released.promise
    return { title, ...outcome }
  } catch (error) {
    return { title, state: 'failed', why: messageOf(error) }
  } finally {
    stopListening()
    time.over.removeEventListener('abort', giveUp)
    // A trap that cannot be disarmed ends with its lease.
    await links.disarmTrap(id).catch(() => undefined)
  }
}

function trapRequest(step: TrapStep, id: string, expiresInMs: number): TrapRequest {
  const { link, exchange, nth, phase, transaction } = step.when
  return {
    id,
    links: resolveTargets('link', link),
    exchange,
    nth,
    phase,
    ...(transaction === undefined ? {} : { transaction }),
    // oxlint-disable-next-line unicorn/no-thenable -- the name in the contract
    then: step.inject === undefined ? messageAction(step.then) : { do: 'hold' },
    expiresInMs,
  }
}

function messageAction(then: TrapStep['then']): TrapRequest['then'] {
  if (then === undefined) return { do: 'deliver' }
  return typeof then === 'string' ? { do: then } : { do: 'delay', delayMs: then.delayMs }
}

async function afterSpring(
  sandbox: Sandbox,
  step: TrapStep,
  event: TrapEvent,
  { id, time }: TrapPlace,
): Promise<Omit<StepOutcome, 'title'>> {
  const fromMs = sandbox.clock.now()
  const { inject } = step
  if (inject === undefined) return { state: 'done', fromMs }
  let release: 'cut' | 'silence' | 'deliver' = 'deliver'
  try {
    const active = await sandbox.faults.inject(
      {
        ...inject,
        target: targetOf(inject.target, event),
        by: 'scenario',
        ...(step.forMs === undefined
          ? { leaseMs: leaseFor(time, sandbox.clock) }
          : { lastsMs: step.forMs }),
      },
      time.signal,
    )
    const onMs = sandbox.clock.now()
    release = await releaseAction(sandbox, step, time)
    return { state: 'done', fromMs, onMs, ...faultOutcome(active) }
  } finally {
    await sandbox.links.releaseHeld(id, release)
  }
}

/** The target of the trap's fault: `caller` and `callee` are the ends of the link that the message passed. */
function targetOf(target: string, { link = '' }: TrapEvent): string {
  const end = trapEnds.indexOf(target)
  return end === -1 ? target : (link.split(':')[end] ?? target)
}

/** What happens to the held message. If the scenario does not say: cut after a fault on an instance, delivered otherwise. */
async function releaseAction(
  { clock }: Sandbox,
  { then, inject }: TrapStep,
  time: MethodTime,
): Promise<'cut' | 'silence' | 'deliver'> {
  if (typeof then === 'string') return then
  if (then !== undefined) {
    await clock.sleep(then.delayMs, time.signal)
    return 'deliver'
  }
  return inject !== undefined && faultNamed(inject.kind).target === 'instance' ? 'cut' : 'deliver'
}

function whyNotSprung({ when }: TrapStep): string {
  const { exchange, link, nth } = when
  return nth === 1
    ? `no ${exchange} passed ${link} while the trap was armed`
    : `fewer than ${nth} ${exchange} passed ${link} while the trap was armed`
}
