import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import type { Cell } from './matrix.ts'
import { type OpenXraySandboxes, openXraySandboxes } from './open-xray-sandboxes.ts'
import { columnNamed, type ColumnId } from './planning/columns.ts'
import { runCell } from './run-cell.ts'
import { takeBaseline } from './sweep.ts'
import { XraySandbox, type XraySetup } from './xray-sandbox.ts'

const naive = join(import.meta.dirname, 'testing/naive')
const labs = join(import.meta.dirname, '../../labs')
const ended = new AbortController()
let opened: OpenXraySandboxes
let generation = 0

beforeAll(async () => {
  opened = await openXraySandboxes({
    count: 1,
    clock: systemClock,
    setup: { off: [], signal: ended.signal },
  })
})
afterAll(async () => {
  await opened[Symbol.asyncDispose]()
})

/** Runs some cells of the shop with this code in its seams. */
async function runCells(
  setup: Partial<Pick<XraySetup, 'exercise' | 'off'>>,
  cells: readonly (readonly [string, ColumnId])[],
  runs = 1,
): Promise<readonly Cell[]> {
  const sandbox = opened.sandboxes[0]?.sandbox
  if (sandbox === undefined) throw new Error('no sandbox')
  const xraySandbox = new XraySandbox(sandbox, {
    off: [],
    signal: ended.signal,
    tag: `e${(generation += 1)}`,
    ...setup,
  })
  using _recorder = xraySandbox.recorder
  await xraySandbox.prepare()
  const { baseline } = await takeBaseline(xraySandbox, 'place-order', systemClock)
  const seen: Cell[] = []
  for (const [signature, id] of cells) {
    const step = baseline.steps.find((one) => one.signature === signature)
    const column = columnNamed(id)
    if (step === undefined || column === undefined)
      throw new Error(`no ${signature} in ${baseline.steps.map(({ key }) => key).join(', ')}`)
    seen.push(
      await runCell({ sandbox: xraySandbox, flow: 'place-order', baseline, step, column, runs }),
    )
  }
  return seen
}

const withoutReconciler = ['reconciler']
const plantedFaults: readonly (readonly [
  result: Cell['result'],
  exercise: NonNullable<XraySetup['exercise']>,
  off: readonly string[],
  cell: readonly [string, ColumnId],
])[] = [
  ['double-effect', code('double-charge', 'charge-order'), [], ['POST /charges', 'reply-cut']],
  [
    'torn',
    code('torn-books', 'record-payment'),
    [],
    ['INSERT ledger_transactions', 'caller-dies-before'],
  ],
  [
    'lost',
    code('fire-and-forget', 'place-order'),
    withoutReconciler,
    ['bullmq addJob', 'request-silent'],
  ],
  ['phantom', code('wrong-refusal', 'place-order'), [], ['COMMIT', 'reply-cut']],
  [
    'stuck',
    code('waits-forever', 'charge-order'),
    withoutReconciler,
    ['POST /charges', 'reply-cut'],
  ],
  [
    'orphan',
    { folder: join(labs, 'data-correctness/dual-write/start'), seams: ['place-order'] },
    withoutReconciler,
    ['COMMIT', 'caller-dies-after'],
  ],
  [
    'ok-slow',
    code('slow-retry', 'charge-order'),
    withoutReconciler,
    ['POST /charges', 'reply-cut'],
  ],
]

test.each(plantedFaults)(
  'finds %s in code that has this fault',
  async (result, exercise, off, cell) => {
    const [found] = await runCells({ exercise, off }, [cell])
    expect(found).toMatchObject({ result })
    expect(found?.story).toContain(cell[0])
    expect(found?.history?.some(({ kind }) => kind === 'fault')).toBe(true)
  },
)

test('a bad cell runs three times, and the fault hits the same message each time', async () => {
  const exercise = code('double-charge', 'charge-order')
  const cells = await runCells(
    { exercise },
    [
      ['POST /charges', 'reply-cut'],
      ['POST /charges', 'callee-dies-after'],
    ],
    3,
  )
  expect(cells.map(({ result, confirmed }) => [result, confirmed])).toEqual([
    ['double-effect', '3/3'],
    ['double-effect', '3/3'],
  ])
})

test('the shop’s own code is good under the same faults', async () => {
  const cells = await runCells({}, [
    ['POST /charges', 'reply-cut'],
    ['POST /charges', 'callee-dies-after'],
    ['COMMIT', 'reply-cut'],
    ['COMMIT', 'caller-dies-after'],
    ['INSERT orders', 'request-cut'],
    ['bullmq addJob', 'caller-dies-before'],
    ['INSERT ledger_transactions', 'caller-dies-before'],
  ])
  expect(cells.map(({ result }) => result)).toEqual([
    'ok-retried',
    'ok-retried',
    'ok-indeterminate',
    'ok-indeterminate',
    'ok-rejected',
    'ok-retried',
    'ok-retried',
  ])
})

function code(name: string, seam: string): NonNullable<XraySetup['exercise']> {
  return { folder: join(naive, name), seams: [seam] }
}
