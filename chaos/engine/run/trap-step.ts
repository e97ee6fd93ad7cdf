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

export interface TrapPlace {
  readonly index: number
  readonly id: string
  readonly time: MethodTime
  /** The message that the previous trap of the method hit. Null: none, or there is no previous trap. */
  readonly hitBefore: Promise<TrapEvent | null>
  /** The next trap needs the order of this one's message. */
  readonly namesOrder: boolean
  /** Called with the message that sprang the trap. */
  readonly onHit: (event: TrapEvent) => void
}

const pollMs = 50

/**
 * Arms a trap. When it springs, injects the step's fault while the message is held, and only then cuts the message. A process
 * whose connection is cut before it is killed would still run its error handler.
 */
export async function runTrapStep(
  sandbox: Sandbox,
  step: TrapStep,
  place: TrapPlace,
): Promise<StepOutcome> {
  const { system, links, journal, clock } = sandbox
  const { id, time } = place
  const title = stepTitle(step, place.index)
  const transaction = await transactionOf(step, place)
  if (transaction === null) return { title, state: 'never', why: 'the previous trap hit no order' }
  if (!(await waitFor(step.when.fromMs, time, clock)))
    return { title, state: 'never', why: 'the load ended before it was armed' }
  const request = trapRequest(step, resolveTargets(system.topology, 'link', step.when.link), {
    id,
    expiresInMs: leaseFor(time, clock),
    ...(transaction === undefined ? {} : { transaction }),
  })
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
    await using _tap = await tapForOrder(sandbox, step, request, place)
    await links.armTrap(request)
    const event = await sprung.promise
    if (event === null) return { title, state: 'never', why: whyNotSprung(step) }
    place.onHit(event)
    const fromMs = clock.now()
    const outcome = request.then.do === 'hold' ? await whileHeld(sandbox, step, event, place) : {}
    // Disarming delivers a held message at once, so a delayed message must be delivered first.
    if (request.then.do === 'delay') await released.promise
    return { title, state: 'done', fromMs, ...outcome }
  } catch (error) {
    return { title, state: 'failed', why: messageOf(error) }
  } finally {
    stopListening()
    time.over.removeEventListener('abort', giveUp)
    // A trap that cannot be disarmed ends with its lease.
    await links.disarmTrap(id).catch(() => undefined)
  }
}

/** The order whose messages the trap waits for. Undefined: any order. Null: the previous trap hit none. */
async function transactionOf(
  { when }: TrapStep,
  { hitBefore }: TrapPlace,
): Promise<string | undefined | null> {
  if (when.sameOrder !== true) return when.transaction
  const hit = await hitBefore
  return hit?.transaction ?? null
}

/** Events name the order of a message only on a tapped link. */
async function tapForOrder(
  { links }: Sandbox,
  step: TrapStep,
  { links: names, expiresInMs, transaction }: TrapRequest,
  { namesOrder }: TrapPlace,
): Promise<AsyncDisposable | undefined> {
  if (transaction !== undefined || !(namesOrder || isUntilFinal(step.then))) return undefined
  return await links.tap(names, { expiresInMs })
}

function isUntilFinal(then: TrapStep['then']): then is { readonly until: 'final' } {
  return typeof then === 'object' && 'until' in then
}

function trapRequest(
  step: TrapStep,
  links: readonly string[],
  more: Pick<TrapRequest, 'id' | 'expiresInMs' | 'transaction'>,
): TrapRequest {
  const { exchange, nth, phase } = step.when
  return {
    ...more,
    links,
    exchange,
    nth,
    phase,
    // oxlint-disable-next-line unicorn/no-thenable -- the name in the contract
    then: messageAction(step),
  }
}

function messageAction({ inject, then }: TrapStep): TrapRequest['then'] {
  if (inject !== undefined || isUntilFinal(then)) return { do: 'hold' }
  if (then === undefined) return { do: 'deliver' }
  return typeof then === 'string' ? { do: then } : { do: 'delay', delayMs: then.delayMs }
}

/** Injects the fault of the step, if it has one, and releases the held message. */
async function whileHeld(
  sandbox: Sandbox,
  step: TrapStep,
  event: TrapEvent,
  place: TrapPlace,
): Promise<Partial<StepOutcome>> {
  const { id, time } = place
  let release: 'cut' | 'silence' | 'deliver' = 'deliver'
  try {
    const outcome = await injectFault(sandbox, step, event, place)
    release = await releaseAction(sandbox, step, event, time)
    return outcome
  } finally {
    await sandbox.links.releaseHeld(id, release)
  }
}

async function injectFault(
  { faults, clock }: Sandbox,
  { inject, forMs }: TrapStep,
  event: TrapEvent,
  { index, time }: TrapPlace,
): Promise<Partial<StepOutcome>> {
  if (inject === undefined) return {}
  const active = await faults.inject(
    {
      ...inject,
      target: targetOf(inject.target, event),
      by: 'scenario',
      random: time.random.fork(`method[${index}]`),
      ...(forMs === undefined ? { leaseMs: leaseFor(time, clock) } : { lastsMs: forMs }),
    },
    time.signal,
  )
  return { onMs: clock.now(), ...faultOutcome(active) }
}

/** The target of the trap's fault: `caller` and `callee` are the ends of the link that the message passed. */
function targetOf(target: string, { link = '' }: TrapEvent): string {
  const end = trapEnds.indexOf(target)
  return end === -1 ? target : (link.split(':')[end] ?? target)
}

/** What happens to the held message. If the scenario does not say: cut after a fault on an instance, delivered otherwise. */
async function releaseAction(
  sandbox: Sandbox,
  { then, inject }: TrapStep,
  event: TrapEvent,
  time: MethodTime,
): Promise<'cut' | 'silence' | 'deliver'> {
  if (typeof then === 'string') return then
  if (then !== undefined) {
    if (isUntilFinal(then)) await untilFinal(sandbox, event, time)
    else await sandbox.clock.sleep(then.delayMs, time.signal)
    return 'deliver'
  }
  return inject !== undefined && faultNamed(inject.kind).target === 'instance' ? 'cut' : 'deliver'
}

/** Waits until the order of the message has a final status, at most until the load ends. */
async function untilFinal(
  { truth, clock }: Sandbox,
  { transaction }: TrapEvent,
  time: MethodTime,
): Promise<void> {
  if (transaction === undefined) throw new Error('the message names no order')
  while (!time.over.aborted) {
    if (await truth.isFinal(transaction)) return
    await clock.sleep(pollMs, time.over).catch(() => undefined)
  }
}

function whyNotSprung({ when }: TrapStep): string {
  const { exchange, link, nth } = when
  return nth === 1
    ? `no ${exchange} passed ${link} while the trap was armed`
    : `fewer than ${nth} ${exchange} passed ${link} while the trap was armed`
}
