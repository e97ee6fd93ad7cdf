import type { Phase, SandboxEvent } from '#chaos/contracts/events.ts'
import { createRunClock, formatRunTime, type RunClock } from '#chaos/contracts/run-clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { describeActiveFault } from '#chaos/report/describe-active-fault.ts'

import type { Cli } from '../cli.ts'
import { createStatusLine } from './status-line.ts'
import { checkLine } from './verdict.ts'

const phaseWords: Readonly<Record<Phase, string>> = {
  prepare: 'Preparing: initial data, code to judge',
  'steady-state': 'Happy path: requests without faults',
  faults: 'Unhappy path: requests with faults',
  heal: 'Healing every fault',
  recovery: 'Recovery: waiting until the shop is settled',
  'final-reads': 'Reading the sources of truth',
  checks: 'Evaluating the checks',
  sweep: 'Sweep: a fault at each message of this code',
}

export interface ProgressDisplay extends Disposable {
  show(event: SandboxEvent): void
}

/**
 * Prints the progress of a run on standard error: the current phase with its time and counts, and faults and failures with their time in the run as they
 * happen. Without a terminal it prints one line per phase.
 */
export function createProgressDisplay(cli: Cli): ProgressDisplay {
  const { err } = cli
  const { dim, red, green } = err.colours
  const line = createStatusLine(cli)
  const counts = { ok: 0, fail: 0, unknown: 0 }
  let phase: CurrentPhase | undefined
  let clock: RunClock | undefined

  /** The time of an event in the run. Before the run has a zero: nothing. */
  const timeOf = (event: SandboxEvent): string =>
    clock === undefined ? '' : `${dim(formatRunTime(clock.msOfEvent(event)).padStart(9))}  `
  const endPhase = (): void => {
    if (phase === undefined) return
    const { words, sinceMs } = phase
    phase = undefined
    const took = formatDuration(cli.clock.now() - sinceMs)
    if (err.isTerminal) line.print(`${green('✓')} ${words}  ${dim(took)}`)
  }
  const beginPhase = (name: Phase, limitMs: number | undefined): void => {
    phase = { name, words: phaseWords[name], sinceMs: cli.clock.now(), limitMs }
    if (!err.isTerminal) err.line(`${phase.words} ...`)
  }
  line.follow(() => (phase === undefined ? '' : phaseText(phase, counts, cli.clock.now())))
  return {
    show: (event) => {
      if (event.type === 'phase') {
        if (event.zeroMs !== undefined) clock ??= createRunClock(event.zeroMs, event)
        endPhase()
        if (event.what === 'began') beginPhase(event.phase, event.limitMs)
      } else if (event.type === 'operation') counts[event.operation.outcome]++
      else if (event.type === 'fault') line.print(`  ${timeOf(event)}${faultLine(event, red, dim)}`)
      else if (event.type === 'check') {
        // The verdict shows all checks with their details. This one comes before the scenario.
        if (event.check.name === 'contract')
          line.print(checkLine({ ...event.check, summary: '' }, err))
      } else if (event.type === 'instance') {
        // An instance that the scenario stops is already reported as a fault.
        if (event.state === 'exited' && event.by === 'itself')
          line.print(`  ${timeOf(event)}${red(`${event.instance} exited unexpectedly`)}`)
      } else if (event.type === 'note')
        line.print(event.level === 'info' ? dim(`  ${event.text}`) : `  ${event.text}`)
    },
    [Symbol.dispose]: () => {
      endPhase()
      line[Symbol.dispose]()
    },
  }
}

interface CurrentPhase {
  readonly name: Phase
  readonly words: string
  readonly sinceMs: number
  readonly limitMs: number | undefined
}

function phaseText(
  { words, sinceMs, limitMs }: CurrentPhase,
  counts: Record<'ok' | 'fail' | 'unknown', number>,
  nowMs: number,
): string {
  const took = nowMs - sinceMs
  const left = limitMs === undefined ? '' : `, at most ${seconds(limitMs - took)} left`
  return `${words}  ${seconds(took)}${left}${countsText(counts)}`
}

function faultLine(
  { what, fault, error }: Extract<SandboxEvent, { type: 'fault' }>,
  red: (text: string) => string,
  dim: (text: string) => string,
): string {
  const name = describeActiveFault(fault)
  if (what === 'injected') return red(`${name} injected`)
  return what === 'failed' ? red(`${name} failed: ${error ?? ''}`) : dim(`${name} healed`)
}

function countsText({ ok, fail, unknown }: Record<'ok' | 'fail' | 'unknown', number>): string {
  if (ok + fail + unknown === 0) return ''
  return `  client: ${ok} ok${fail > 0 ? `, ${fail} failed` : ''}${unknown > 0 ? `, ${unknown} unknown` : ''}`
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1_000))} s`
}
