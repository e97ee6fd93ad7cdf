import { tmpdir } from 'node:os'

import { expect, test } from 'vitest'

import type { EventPayload } from '#chaos/contracts/events.ts'
import { homeAt } from '#chaos/home/home.ts'

import type { Cli } from '../cli.ts'
import { createPrinter } from './printer.ts'
import { createProgressDisplay } from './progress-display.ts'

interface Watched {
  readonly cli: Cli
  readonly text: () => string
  readonly tick: (ms: number) => void
}

function createCli(isTTY: boolean): Watched {
  const written: string[] = []
  let now = 0
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) }
  const out = createPrinter(stream, { noColour: true, environment: {} })
  const cli: Cli = {
    home: homeAt(tmpdir()),
    out,
    err: out,
    interactive: false,
    json: false,
    program: 'unhappy',
    slot: undefined,
    environment: {},
    signal: new AbortController().signal,
    clock: {
      now: () => now,
      wallTimeMs: () => now,
      // Never resolves: only events cause output.
      sleep: async () => new Promise(() => undefined),
    },
  }
  return { cli, text: () => written.join(''), tick: (ms) => (now += ms) }
}

const stamp = { seq: 1, at: '2030-01-01T00:00:00.000Z', ms: 0 }
const happens = (happening: EventPayload) => ({ ...stamp, ...happening })

test('without a terminal each phase is one line, printed when it begins', () => {
  const { cli, text } = createCli(false)
  {
    using progress = createProgressDisplay(cli)
    progress.show(happens({ type: 'phase', phase: 'prepare', what: 'began' }))
    progress.show(happens({ type: 'phase', phase: 'prepare', what: 'ended' }))
    progress.show(happens({ type: 'phase', phase: 'faults', what: 'began', limitMs: 4_000 }))
  }
  expect(text()).toMatch(/^Preparing.* \.\.\.\nUnhappy path.* \.\.\.\n$/)
})

test('notes about the parts of a check are printed: the phases of the variants have the same names', () => {
  const { cli, text } = createCli(false)
  {
    using progress = createProgressDisplay(cli)
    progress.show(happens({ type: 'note', level: 'info', text: 'Now its variants: silent.' }))
    progress.show(happens({ type: 'phase', phase: 'prepare', what: 'began' }))
  }
  expect(text()).toMatch(/^ {2}Now its variants: silent\.\nPreparing/)
})

test('on a terminal a finished phase shows its duration', () => {
  const { cli, text, tick } = createCli(true)
  {
    using progress = createProgressDisplay(cli)
    progress.show(happens({ type: 'phase', phase: 'heal', what: 'began' }))
    tick(1_500)
    progress.show(happens({ type: 'phase', phase: 'heal', what: 'ended' }))
  }
  expect(text()).toMatch(/✓ Healing.*  1\.5s\n/)
})

test('an unexpected exit is printed; an exit that a scenario causes is not', () => {
  const { cli, text } = createCli(false)
  {
    using progress = createProgressDisplay(cli)
    progress.show(happens({ type: 'instance', instance: 'api-1', state: 'exited', by: 'scenario' }))
    progress.show(happens({ type: 'instance', instance: 'api-2', state: 'exited', by: 'itself' }))
  }
  expect(text()).toMatch(/^ +api-2 .*\n$/)
})

test('the contract is printed when it has been tested, other checks are not', () => {
  const { cli, text } = createCli(false)
  const check = { outcome: 'held', title: 'promises', summary: '', offenders: [] } as const
  {
    using progress = createProgressDisplay(cli)
    const show = (name: string, summary: string): void =>
      progress.show(
        happens({ type: 'check', check: { ...check, name, summary, offendersTotal: 0 } }),
      )
    show('contract', '7 of 7 hold')
    show('availability', '99 %')
  }
  expect(text()).toBe('  ✓ promises\n')
})
