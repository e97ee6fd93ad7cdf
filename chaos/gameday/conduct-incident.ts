import type {
  ActionBody,
  DebriefLine,
  GivenAnswers,
  OpenIncident,
  TakenAction,
} from '#chaos/contracts/gameday/gameday-view.ts'
import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'
import type { Environment } from '#chaos/contracts/runtime.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { carryOut } from './actions.ts'
import type { CustomerLimits } from './customer-figures.ts'
import { watchCustomers } from './customers.ts'
import type { Customers } from './customers.ts'
import type { HiddenFaults } from './hidden-faults.ts'
import type { JudgingTimes, Pace } from './pace.ts'
import type { ScheduledIncident } from './schedule.ts'
import type { IncidentEvidence } from './score.ts'
import { settle } from './settle.ts'

/** What the learner says and does while an incident is open. */
export interface IncidentDesk {
  readonly answers: GivenAnswers[]
  /** With what a repetition needs. */
  readonly actions: (TakenAction & { readonly session?: string })[]
  state: OpenIncident['state']
  /** When it opened, on the sandbox's clock. */
  openedMs: number
  /** Aborts when the final answers are there. */
  readonly closed: AbortController
  /** Resolves when every action that has begun has ended. */
  acting: Promise<unknown>
}

export interface ConductTools {
  readonly sandbox: Sandbox
  readonly hidden: HiddenFaults
  readonly gamedays: SystemGamedays
  readonly pace: Pace
  readonly judging: JudgingTimes
  /** The settings of the instances before the first incident. */
  readonly settings: ReadonlyMap<string, Environment>
  /** Replaces the traffic; null: none. */
  send(rates: SystemGamedays['traffic'] | null): Promise<void>
  readonly signal: AbortSignal
}

export interface ConductedIncident {
  readonly evidence: IncidentEvidence
  readonly lines: readonly DebriefLine[]
}

export function openDesk(openedMs: number): IncidentDesk {
  return {
    answers: [],
    actions: [],
    state: 'open',
    openedMs,
    closed: new AbortController(),
    acting: Promise.resolve(),
  }
}

/** Without what only a repetition needs. */
export function takenAction(action: IncidentDesk['actions'][number]): TakenAction {
  const { session: _session, ...taken } = action
  return taken
}

/**
 * One incident: customers are served as usual, the incident begins, the learner works until the final answers or the limit, the
 * checks judge the mitigation, and the incident is repeated for a repetition of the same actions. Afterwards the system is as at the
 * start.
 */
export async function conductIncident(
  scheduled: ScheduledIncident,
  desk: IncidentDesk,
  tools: ConductTools,
): Promise<ConductedIncident> {
  const { sandbox, judging, pace, signal } = tools
  const { incident } = scheduled
  const lines: DebriefLine[] = []
  const at = (): number => Math.round(sandbox.clock.now() - desk.openedMs)
  const say = (by: DebriefLine['by'], text: string): void =>
    void lines.push({ atMs: at(), by, text })
  using customers = watchCustomers(sandbox, tools.gamedays.traffic)
  const round: Round = { scheduled, tools, customers, say }

  await sandbox.clock.sleep(scheduled.quietMs, signal)
  const limits = await customers.measure(Math.min(scheduled.quietMs, judging.windowMs))
  const begunAtMs = at()
  await begin(round)
  await closedOrLate(desk, pace.limitMs - at(), tools)

  desk.state = 'judging'
  // An action that is still in flight belongs to the incident, and must not act after the clean-up.
  await desk.acting
  const first = await judge(round, limits, desk.actions.length > 0)
  const isRepeated = incident.cause !== null && first.held && desk.actions.length > 0
  if (isRepeated) desk.state = 'replaying'
  const heldAgain = isRepeated ? await repeat(round, desk, limits) : null
  await cleanUp(tools)
  const all = [...lines, ...linesOfLearner(desk)].toSorted((a, b) => a.atMs - b.atMs)
  return {
    evidence: {
      begunAtMs,
      limitMs: pace.limitMs,
      answers: desk.answers,
      actions: desk.actions.map(takenAction),
      held: first.held,
      heldAgain,
    },
    lines: all,
  }
}

/** Heals everything hidden, and brings every part back. Works after an abort, too. */
export async function cleanUp({ hidden, sandbox, settings }: CleanTools): Promise<void> {
  await hidden.healAll()
  await settle(sandbox, settings, AbortSignal.timeout(settleLimitMs))
}

type CleanTools = Pick<ConductTools, 'hidden' | 'sandbox' | 'settings'>

const settleLimitMs = 60_000

/** What the checks say when they hold. */
export const servedText = 'Customers are served as before.'

interface Round {
  readonly scheduled: ScheduledIncident
  readonly tools: ConductTools
  readonly customers: Customers
  readonly say: (by: DebriefLine['by'], text: string) => void
}

async function begin({ scheduled, tools, say }: Round): Promise<void> {
  const { incident, faultsMs } = scheduled
  const { sandbox, hidden, signal, gamedays } = tools
  say(
    'system',
    incident.cause === null
      ? 'It looks like an incident: nothing is wrong.'
      : 'The incident begins.',
  )
  if (incident.notice !== undefined) sandbox.journal.note('info', incident.notice)
  if (incident.traffic !== undefined) await tools.send(scaled(gamedays.traffic, incident.traffic))
  await Promise.all(
    incident.faults.map(async (fault, i) => {
      await sandbox.clock.sleep(faultsMs[i] ?? 0, signal)
      await hidden.inject(fault, signal)
      if (incident.cause !== null) say('system', `${fault.kind} on ${fault.target}.`)
    }),
  )
}

function scaled(rates: SystemGamedays['traffic'], factor: number): SystemGamedays['traffic'] {
  return Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, rate * factor]))
}

async function closedOrLate(
  { closed }: IncidentDesk,
  leftMs: number,
  { sandbox, signal }: ConductTools,
): Promise<void> {
  const either = AbortSignal.any([closed.signal, signal])
  await sandbox.clock.sleep(Math.max(0, leftMs), either).catch(() => undefined)
  signal.throwIfAborted()
}

async function judge(
  { customers, tools, say }: Round,
  limits: CustomerLimits,
  hasActed: boolean,
): Promise<{ readonly held: boolean }> {
  const { judging, signal } = tools
  // Without an action nothing can become better: one window is enough.
  const withinMs = hasActed ? judging.withinMs : 0
  const { windowMs } = judging
  const result = await customers.waitUntilServed(limits, { windowMs, withinMs, signal })
  say('checks', result.held ? servedText : result.broken.join(' '))
  return result
}

async function repeat(round: Round, desk: IncidentDesk, limits: CustomerLimits): Promise<boolean> {
  const { tools, say } = round
  await cleanUp(tools)
  await tools.send(tools.gamedays.traffic)
  const { judging, signal } = tools
  const how = { windowMs: judging.windowMs, withinMs: settleLimitMs, signal }
  await round.customers.waitUntilServed(limits, how)
  say('system', 'Everything is healed. The incident is repeated.')
  await begin(round)
  await tools.sandbox.clock.sleep(tools.judging.replayAfterMs, tools.signal)
  for (const action of desk.actions) {
    const result = await repeatAction(action, tools)
    say('system', `Repeated: ${describeAction(action)}: ${result}.`)
  }
  return (await judge(round, limits, true)).held
}

async function repeatAction(
  taken: IncidentDesk['actions'][number],
  tools: ConductTools,
): Promise<string> {
  // The session of that time is gone: this one is found by what it executed.
  const { pid: _pid, ...action } = taken
  try {
    return (await carryOut(action, tools)).result
  } catch (error) {
    tools.signal.throwIfAborted()
    return messageOf(error)
  }
}

function linesOfLearner({ answers, actions }: IncidentDesk): readonly DebriefLine[] {
  return [
    ...answers.map((answer) => ({
      atMs: answer.atMs,
      by: 'learner' as const,
      text: describeAnswers(answer),
    })),
    ...actions.map((action) => ({
      atMs: action.atMs,
      by: 'learner' as const,
      text: `${describeAction(action)}: ${action.result}.`,
    })),
  ]
}

function describeAnswers({ wrong, where = [], cause, chain = [], note }: GivenAnswers): string {
  if (!wrong) return `Says: nothing is wrong.${note === undefined ? '' : ` ${note}`}`
  return [
    'Says: something is wrong.',
    ...(where.length > 0 ? [`Where: ${where.join(', ')}.`] : []),
    ...(cause === undefined ? [] : [`Cause: ${cause}.`]),
    ...(chain.length > 0 ? [`Chain: ${chain.join(' → ')}.`] : []),
    ...(note === undefined ? [] : [note]),
  ].join(' ')
}

function describeAction({ action, target, pid }: ActionBody): string {
  return `${action} ${target}${pid === undefined ? '' : ` ${pid}`}`
}
