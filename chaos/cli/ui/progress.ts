import type { Phase, SandboxEvent } from '#chaos/contracts/events.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Cli } from '../cli.ts'
import { truncate } from './wrap.ts'

const phaseWords: Readonly<Record<Phase, string>> = {
  prepare: 'Preparing: fresh books, the right code in every seam',
  'steady-state': 'Happy path: it must hold before anything is broken',
  faults: 'Unhappy path: load and faults',
  heal: 'Healing: every fault undone, every instance up',
  recovery: 'Recovery: until the shop is quiet',
  'final-reads': 'Reading the sources of truth',
  checks: 'Judging',
}

const redrawMs = 200

export interface Progress extends Disposable {
  show(event: SandboxEvent): void
}

/**
 * Tells how far a run is, on standard error: on a terminal one line per phase that counts, with what goes wrong under way;
 * elsewhere plain lines.
 */
export function createProgress(cli: Cli): Progress {
  const { err } = cli
  const { dim, red, green } = err.colours
  const live = err.isTerminal
  const stopped = new AbortController()
  const counts = { ok: 0, fail: 0, unknown: 0 }
  let phase:
    | { readonly words: string; readonly sinceMs: number; readonly limitMs?: number }
    | undefined

  const draw = (): void => {
    if (phase === undefined) return
    const took = cli.clock.now() - phase.sinceMs
    const left =
      phase.limitMs === undefined ? '' : `, at most ${seconds(phase.limitMs - took)} more`
    const text = `${phase.words}  ${seconds(took)}${left}${countsText(counts)}`
    err.write(`\r\u001B[2K${truncate(text, err.columns - 1)}`)
  }
  const say = (text: string): void => {
    if (live) err.write('\r\u001B[2K')
    err.line(text)
    if (live) draw()
  }
  const endPhase = (): void => {
    if (phase === undefined) return
    const took = formatDuration(cli.clock.now() - phase.sinceMs)
    if (live) err.write(`\r\u001B[2K${green('✓')} ${phase.words}  ${dim(took)}\n`)
    phase = undefined
  }
  if (live) void redraw(cli, draw, stopped.signal)
  return {
    show: (event) => {
      switch (event.type) {
        case 'phase': {
          endPhase()
          if (event.what === 'ended') return
          const { limitMs } = event
          const words = phaseWords[event.phase]
          phase = { words, sinceMs: cli.clock.now(), ...(limitMs === undefined ? {} : { limitMs }) }
          if (live) draw()
          else err.line(`${words} ...`)
          return
        }
        case 'operation':
          counts[event.operation.outcome]++
          return
        case 'fault':
          return say(faultLine(event, red, dim))
        case 'instance':
          if (event.state === 'exited') say(red(`  ${event.instance} died (by ${event.by})`))
          return
        case 'note':
          if (event.level !== 'info') say(`  ${event.text}`)
          return
        default:
          return
      }
    },
    [Symbol.dispose]: () => {
      stopped.abort()
      endPhase()
    },
  }
}

function faultLine(
  { what, fault, error }: Extract<SandboxEvent, { type: 'fault' }>,
  red: (text: string) => string,
  dim: (text: string) => string,
): string {
  const name = `${fault.kind} on ${fault.targets.join(', ')}`
  if (what === 'injected') return red(`  ${name}`)
  return what === 'failed' ? red(`  ${name} failed: ${error ?? ''}`) : dim(`  ${name} healed`)
}

async function redraw(cli: Cli, draw: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await cli.clock.sleep(redrawMs, signal).catch(() => undefined)
    if (!signal.aborted) draw()
  }
}

function countsText({ ok, fail, unknown }: Record<'ok' | 'fail' | 'unknown', number>): string {
  if (ok + fail + unknown === 0) return ''
  return `  client: ${ok} ok, ${fail} failed, ${unknown} unknown`
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1_000))} s`
}
