import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { system } from '#chaos/system.ts'
import type { CellResult } from '#chaos/xray/judging/cell-results.ts'
import type { Cell, HistoryLine, Matrix, FlowStep } from '#chaos/xray/matrix.ts'
import { columnIds, columns } from '#chaos/xray/planning/columns.ts'
import { xrayPage } from '#chaos/xray/showing/page.ts'
import { storyOf } from '#chaos/xray/showing/story.ts'

/** As large as they come. */
const rows = 25

/** Writes an X-ray as the CLI leaves it: 25 messages by nine columns, all fine but for the cells that are named. */
export async function saveXrayFixture(
  runs: string,
  id: string,
  variant: string,
  results: Readonly<Record<string, CellResult>>,
): Promise<void> {
  const folder = join(runs, id)
  await mkdir(folder, { recursive: true })
  const matrix = matrixOf(variant, results)
  await writeFile(join(folder, 'xray.json'), JSON.stringify(matrix))
  await writeFile(join(folder, 'xray.html'), await xrayPage(matrix, system))
}

function matrixOf(variant: string, results: Readonly<Record<string, CellResult>>): Matrix {
  const steps = Array.from({ length: rows }, (_, i) => stepAt(i))
  const cells = steps.flatMap((step) =>
    columns.map((column) => cellOf(step, column.id, results[`${step.id}/${column.id}`] ?? 'ok')),
  )
  const bad = cells.filter(({ result }) => result !== 'ok')
  return {
    v: 1,
    kind: 'failure-matrix',
    flow: 'place-order',
    variant,
    code: null,
    mode: 'full',
    startedAt: '2030-01-01T00:00:00.000Z',
    env: { node: 'v24', sandboxes: 2, timersScaled: {}, netsOff: [] },
    baseline: { runs: 3, exchanges: [rows], ms: [50], history: historyOf(false) },
    steps,
    background: [],
    columns: columnIds,
    cells,
    classes: bad.map(({ id, result }, i) => ({
      id: `c${i}`,
      result,
      title: `what became of ${id}`,
      cells: [id],
    })),
    summary: {
      cells: cells.length,
      ran: cells.length,
      pruned: 0,
      notApplicable: 0,
      notFired: 0,
      integrity: bad.length,
      liveness: 0,
      ok: cells.length - bad.length,
      sensitive: 0,
      errors: 0,
      runs: cells.length,
      seconds: 100,
    },
  }
}

function stepAt(i: number): FlowStep {
  const id = `s${String(i + 1).padStart(2, '0')}`
  return {
    id,
    key: `api:postgres|INSERT table_${i}|1`,
    link: 'api:postgres',
    protocol: 'postgres',
    signature: `INSERT table_${i}`,
    nth: 1,
    caller: 'api',
    callee: 'postgres',
    connection: 'api-1:postgres#1',
    matchedBy: 'payload',
    write: true,
    order: i,
    atMs: i,
  }
}

function cellOf(step: FlowStep, column: Cell['column'], result: CellResult): Cell {
  const cell: Cell = {
    id: `${step.id}/${column}`,
    step: step.id,
    column,
    result,
    client: 'unknown',
    confirmed: '3/3',
    local: 'client: ECONNRESET',
    global: 'paid, charged 2 times, booked',
    violations: result === 'ok' ? [] : [{ invariant: 'charged once', expected: '1', actual: '2' }],
    settledAfterMs: 40,
    newSteps: ['worker:payments|POST /charges|2'],
    history: historyOf(true),
  }
  return { ...cell, story: storyOf(cell, step, system) }
}

function historyOf(broken: boolean): HistoryLine[] {
  const line = (atMs: number, rest: Omit<HistoryLine, 'atMs'>): HistoryLine => ({ atMs, ...rest })
  const request = { kind: 'request', from: 'client', to: 'api-1', text: 'POST /orders' } as const
  const charge = { kind: 'request', from: 'worker-1', to: 'payments' } as const
  return [
    line(0, { ...request, key: 'client:api|POST /orders|1' }),
    line(5, { ...charge, text: 'POST /charges', key: 'worker:payments|POST /charges|1' }),
    ...(broken
      ? [
          line(6, { kind: 'fault', from: 'payments', to: 'worker-1', text: 'the reply is gone' }),
          line(9, { ...charge, text: 'POST /charges', key: 'worker:payments|POST /charges|2' }),
        ]
      : []),
  ]
}
