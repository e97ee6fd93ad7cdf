import { describe, expect, test } from 'vitest'

import type { SandboxView } from '../../../contracts/api.ts'
import { type FactsInput, pageFacts } from './page-facts.ts'

const sandbox = { ready: true, halted: false, faults: [], run: null } as unknown as SandboxView
const fault = { id: 'refuse-1' } as SandboxView['faults'][number]

const usual: FactsInput = {
  connection: 'live',
  sessionEnded: false,
  sandbox,
  phase: null,
  impact: 'good',
}

const gone = { connection: 'lost' } as const
const four = { ...sandbox, faults: [fault, fault, fault, fault] }

// Name, what differs from the usual state, the header, the banner, and whether buttons work.
const states: readonly (readonly [string, Partial<FactsInput>, string, string | null, boolean])[] =
  [
    [
      'before the first data',
      { connection: 'connecting', sandbox: null },
      'connecting',
      null,
      false,
    ],
    ['ready, and all requests succeed', {}, 'ready', null, true],
    ['ready, and no request was sent', { impact: 'unknown' }, 'ready', null, true],
    ['every process is ready, and no request succeeds', { impact: 'outage' }, 'outage', null, true],
    [
      'an instance is not ready',
      { sandbox: { ...sandbox, ready: false } },
      'not ready',
      null,
      true,
    ],
    ['a fault', { sandbox: { ...sandbox, faults: [fault] } }, '1 fault active', null, true],
    ['four faults', { sandbox: four }, '4 faults active', null, true],
    ['a run', { sandbox: { ...sandbox, run: 'r' } }, 'run: starts', null, true],
    [
      'a phase of a run, with a fault',
      { sandbox: { ...four, run: 'r' }, phase: { phase: 'steady-state' } },
      'run: steady state',
      null,
      true,
    ],
    ['halted', { sandbox: { ...sandbox, halted: true } }, 'halted', 'halted', true],
    [
      'halted, and four faults are not healed',
      { sandbox: { ...four, halted: true } },
      'halted, 4 faults active',
      'not-healed',
      true,
    ],
    [
      'the instances cannot be read',
      { sandbox: { ...sandbox, unread: [{ part: 'the instances', error: '' }] } },
      'ready',
      'unread',
      true,
    ],
    ['the controller is gone', gone, 'no controller', 'lost', false],
    [
      'the controller is gone during a halt',
      { ...gone, sandbox: { ...four, halted: true } },
      'no controller',
      'lost',
      false,
    ],
    [
      'the controller is gone before the first data',
      { ...gone, sandbox: null },
      'no controller',
      'lost',
      false,
    ],
    ['another controller', { ...gone, sessionEnded: true }, 'no session', 'locked', false],
  ]

test.each(states)('%s', (_name, change, pill, banner, works) => {
  const facts = pageFacts({ ...usual, ...change })
  expect(facts.pill.text).toBe(pill)
  expect(facts.banner?.kind ?? null).toBe(banner)
  expect(facts.blocked === null).toBe(works)
})

describe('in every state', () => {
  test('no fault is denied while the faults are not known', () => {
    for (const [name, change] of states) {
      const { knowledge, noFaults } = pageFacts({ ...usual, ...change })
      expect([name, noFaults.startsWith('None')]).toEqual([name, knowledge === 'current'])
    }
  })

  test('"halted, all healed" is never said over an active fault', () => {
    for (const [name, change] of states) {
      const { banner } = pageFacts({ ...usual, ...change })
      const faults = { ...usual, ...change }.sandbox?.faults.length ?? 0
      expect([name, banner?.kind === 'halted' && faults > 0]).toEqual([name, false])
    }
  })

  test('states of processes and links are claimed only while the controller responds', () => {
    for (const [, change] of states) {
      const { knowledge, instancesKnown, linksKnown } = pageFacts({ ...usual, ...change })
      expect((instancesKnown || linksKnown) && knowledge !== 'current').toBe(false)
    }
    const unread = [{ part: 'the instances', error: 'late' }]
    expect(pageFacts({ ...usual, sandbox: { ...sandbox, unread } })).toMatchObject({
      instancesKnown: false,
      linksKnown: true,
    })
  })

  test('faults are refused during a halt, and without current data', () => {
    expect(
      pageFacts({ ...usual, sandbox: { ...sandbox, halted: true } }).faultsBlocked,
    ).not.toBeNull()
    expect(pageFacts({ ...usual, ...gone }).faultsBlocked).toBe(
      pageFacts({ ...usual, ...gone }).blocked,
    )
    expect(pageFacts(usual).faultsBlocked).toBeNull()
  })
})
