import { gunzipSync } from 'node:zlib'

import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { diffMatrices, diffText } from '../judging/diff.ts'
import type { Cell, HistoryLine, Matrix } from '../matrix.ts'
import { columns } from '../planning/columns.ts'
import { matrixText, summaryText } from './matrix-text.ts'
import { xrayPage } from './page.ts'

const history: HistoryLine[] = [
  { atMs: 0, kind: 'request', from: 'client', to: 'api-1', text: 'POST /orders', key: 'known' },
  { atMs: 3, kind: 'request', from: 'api-1', to: 'postgres', text: 'COMMIT', key: 'known' },
  { atMs: 4, kind: 'fault', from: 'postgres', to: 'api-1', text: 'COMMIT: <gone>' },
  { atMs: 5, kind: 'exit', from: 'api-1', to: 'api-1', text: 'dies' },
  { atMs: 9, kind: 'request', from: 'worker-1', to: 'payments', text: 'POST /charges', key: 'new' },
]
function matrix(variant: string, results: Readonly<Record<string, Cell['result']>>): Matrix {
  const cells = columns.map(({ id }): Cell => {
    const result = results[id] ?? 'ok'
    return {
      id: `s01/${id}`,
      step: 's01',
      column: id,
      result,
      client: 'ok',
      story: `</script>`,
      history,
    }
  })
  return {
    v: 1,
    kind: 'failure-matrix',
    flow: 'place-order',
    variant,
    code: null,
    mode: 'full',
    startedAt: '2030-01-01T00:00:00.000Z',
    env: { node: 'v24', sandboxes: 1, timersScaled: { LEASE_MS: 100 }, netsOff: [] },
    baseline: { runs: 3, exchanges: [1], ms: [1], history },
    steps: [
      {
        id: 's01',
        key: 'api:postgres|COMMIT|1',
        link: 'api:postgres',
        protocol: 'postgres',
        signature: 'COMMIT',
        nth: 1,
        caller: 'api',
        callee: 'postgres',
        matchedBy: 'payload',
        connection: 'api-1:postgres#1',
        write: true,
        order: 1,
        atMs: 1,
      },
    ],
    background: [],
    columns: columns.map(({ id }) => id),
    cells,
    classes: [],
    summary: {
      cells: 9,
      ran: 9,
      pruned: 0,
      notApplicable: 0,
      notFired: 0,
      integrity: 1,
      liveness: 0,
      ok: 8,
      sensitive: 0,
      errors: 0,
      runs: 9,
      seconds: 6,
    },
  }
}

test('the text matrix has one word per cell and the count of runs where it depends on timing', () => {
  const { steps, cells } = matrix('naive', { 'reply-cut': 'double-effect' })
  const sensitive = cells.map((cell) =>
    cell.column === 'reply-late'
      ? { ...cell, timingSensitive: true as const, confirmed: '2/3' }
      : cell,
  )
  const [, , row] = matrixText(steps, sensitive)
  expect(row).toBe(
    's01 api:postgres COMMIT  ok       ok       DOUBLE   ok       ok 2/3   ok       ok       ok       ok',
  )
})

test('the page loads no other file, and its data cannot end its script', async () => {
  const html = await xrayPage(matrix('naive', { 'reply-cut': 'lost' }), system)
  expect(html).not.toMatch(/(src|href)="?http|<link|@import/)
  expect(html.match(/<\/script>/g)).toHaveLength(3)
  expect(html).toContain('data-cell="s01/reply-cut"')
  expect(html).toContain('LOST')
  expect(html).toContain("The shop's timers")
})

test('the page has the space-time diagram of every cell, with escaped texts and the colours of the page', async () => {
  const html = await xrayPage(matrix('naive', { 'reply-cut': 'lost' }), system)
  const [, packed = ''] = /id="diagrams">([^<]+)</.exec(html) ?? []
  const drawn = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as {
    readonly cells: Readonly<Record<string, string>>
    readonly withoutFault: string
  }
  expect(Object.keys(drawn.cells)).toEqual(columns.map(({ id }) => `s01/${id}`))
  const svg = drawn.cells['s01/reply-cut'] ?? ''
  expect(svg).toMatch(/^<svg [^]*class="flow-diagram"/)
  expect(svg).toContain('COMMIT: &lt;gone&gt;')
  expect(svg).toContain('var(--fault')
  // Only what the fault stopped ends in the air.
  expect(svg).toContain('class="lost"')
  expect(drawn.withoutFault).toContain('POST /orders')
  // The script draws nothing itself, so the page needs no histories.
  expect(html).not.toContain('"history"')
})

test('a difference lists fixed and newly broken cells by step, whatever their numbers', () => {
  const a = matrix('naive', { 'reply-cut': 'double-effect', 'caller-dies-after': 'lost' })
  const b = matrix('mine', { 'caller-dies-after': 'double-effect', 'request-cut': 'stuck' })
  const lines = diffText(diffMatrices(a, b))
  expect(lines).toEqual([
    'naive -> mine: 1 fixed, 1 newly broken, 6 unchanged',
    'new     api:postgres COMMIT / req cut: ok -> stuck',
    'worse   api:postgres COMMIT / caller† after: LOST -> DOUBLE',
    'fixed   api:postgres COMMIT / rep cut: DOUBLE -> ok',
  ])
})

test('the summary states cells per minute', () => {
  expect(summaryText(matrix('shop', {}))[0]).toMatch(/place-order of shop: 9 cells.* 6 s \(90 /)
})

test('the summary of an X-ray without a cell names the reason, and no budget from a speed that it does not know', () => {
  const full = matrix('shop', {})
  const summary = { ...full.summary, ran: 0, notRun: 79, seconds: 282 }
  const text = summaryText({ ...full, summary }).join('\n')
  expect(text).toContain('No cell ran: the runs without a fault took 282 s')
  expect(text).not.toMatch(/--budget \d/)
})

test('a process of a user that ended without being killed is named, with its cells', () => {
  const full = matrix('bank', {})
  const cells = full.cells.map((cell) => ({ ...cell, restarts: ['api-1'] }))
  const learned = { effect: {}, tables: [], notes: [] }
  const text = summaryText({ ...full, cells, learned }).join('\n')
  expect(text).toContain(
    'api-1 ended by itself in s01/request-cut, s01/request-silent, s01/reply-cut and 4 more: it does not survive',
  )
  expect(summaryText({ ...full, cells }).join('\n')).not.toContain('by itself')
})
