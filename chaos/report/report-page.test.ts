import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import type { ReportedLab } from './report-data.ts'
import { reportPage } from './report-page.ts'
import { runChart } from './run-chart.ts'
import { writeReport } from './write-report.ts'

const fault: ActiveFault = {
  id: 'f1',
  kind: 'latency',
  targets: ['api-1:redis'],
  params: { latencyMs: 200 },
  mechanism: 'toxic',
  by: 'scenario',
  since: '2026-01-01T00:00:00Z',
  until: '2026-01-01T00:01:00Z',
  leaseMs: 60_000,
}

function events(happenings: readonly (readonly [number, EventPayload])[]): SandboxEvent[] {
  return happenings.map(([ms, happening], i) => ({
    seq: i + 1,
    at: '2026-01-01T00:00:00Z',
    ms,
    ...happening,
  }))
}

const operation = (
  id: number,
  outcome: 'ok' | 'fail' | 'unknown',
  endMs: number,
): EventPayload => ({
  type: 'operation',
  operation: {
    id,
    kind: 'browse',
    key: `o-1-${id}`,
    outcome,
    startMs: 0,
    endMs,
    attempts: [],
    tags: [],
  },
})

const journal = events([
  [500, { type: 'phase', phase: 'steady-state', what: 'began', zeroMs: 500 }],
  [1_000, operation(1, 'ok', 12)],
  [1_500, { type: 'fault', what: 'injected', fault }],
  [2_000, operation(2, 'unknown', 2_000)],
  [2_500, { type: 'fault', what: 'healed', fault, reason: 'run-ended' }],
  [3_000, operation(3, 'fail', 3)],
  [3_500, { type: 'phase', phase: 'steady-state', what: 'ended', detail: 'settled after 80ms' }],
])

const known = {
  operations: ['place-order', 'browse'],
  id: 'r-1',
  title: 'A <b>bold</b> title',
  seed: 42,
  startedAt: '2026-01-01T00:00:00Z',
  versions: { node: '24' },
  verdict: {
    outcome: 'violated',
    headline: '1 of 3 & more',
    reasons: [],
    checks: [
      {
        name: 'availability',
        title: 'availability of browse',
        outcome: 'violated',
        summary: '1 of 3',
        offenders: [{ id: '2', expected: 'an answer', actual: 'a timeout' }],
        offendersTotal: 1,
      },
    ],
  },
} as const

test('a page has the verdict, the checks with their offenders, charts with the fault, and the seed', () => {
  const page = reportPage({ ...known, events: journal, scenarioText: 'title: x' })
  expect(page).toContain('VIOLATED')
  expect(page).toContain('a timeout')
  expect(page).toContain('latency 200 ms on api-1:redis')
  expect(page.match(/class="mark /g)).toHaveLength(3)
  expect(page).toContain('seed 42')
})

test('a page loads no other file, and escapes titles and scenario', () => {
  const page = reportPage({ ...known, events: journal, scenarioText: '<script>' })
  expect(page).not.toMatch(/(src|href)="?http/)
  expect(page).not.toContain('<script>')
  expect(page).toContain('A &lt;b&gt;bold&lt;/b&gt; title')
})

test('a fault that is never healed is a band up to the end', () => {
  const chart = runChart(
    journal.filter((event) => event.type !== 'fault' || event.what === 'injected'),
  )
  expect(chart?.bands).toMatchObject([
    { label: 'latency 200 ms on api-1:redis', fromMs: 1_000, toMs: 2_500 },
  ])
})

test('a trap is one moment of a chart, and a trap of a sweep is none of the load', () => {
  const sprung = { type: 'trap', id: 't', what: 'sprung', exchange: 'COMMIT' } as const
  const chart = runChart([
    ...journal,
    ...events([
      [2_000, sprung],
      [4_000, { type: 'phase', phase: 'sweep', what: 'began' }],
      [4_100, sprung],
    ]),
  ])
  const traps = chart?.bands.filter(({ label }) => label.startsWith('trap'))
  expect(traps).toMatchObject([{ label: 'trap at COMMIT', fromMs: 1_500, toMs: 1_500 }])
})

test('a run that sent nothing has no chart', () => {
  expect(runChart([])).toBeUndefined()
  expect(runChart(journal.filter(({ type }) => type !== 'operation'))).toBeUndefined()
})

test('each mark carries the key of its flow', () => {
  const page = reportPage({ ...known, events: journal, scenarioText: '' })
  expect([...page.matchAll(/data-flow="([^"]*)"/g)].map(([, key]) => key)).toEqual([
    'o-1-1',
    'o-1-2',
    'o-1-3',
  ])
})

const lab: ReportedLab = {
  id: 'lab-zero',
  title: 'The first failure',
  goal: 'No order is lost.',
  diffs: [{ file: 'place-order.ts', diff: '--- start\n+++ judged\n@@ -1,1 +1,1 @@\n-old\n+a < b' }],
  prediction: {
    question: 'What happens?',
    answer: 'nothing',
    confidence: 70,
    outcome: { isRight: false, right: 'an order is lost', because: 'of the crash' },
  },
  explanation: 'The reply <was> lost.',
}

test('the report of a lab has its name, diff, prediction, explanation and phases', () => {
  const page = reportPage({ ...known, lab, version: 'mine', events: journal, scenarioText: '' })
  for (const text of [
    '<h1>The first failure</h1>',
    'lab lab-zero',
    'No order is lost.',
    '<span class="add">+a &lt; b</span>',
    'nothing <span class="muted">(70 % sure)',
    'an order is lost',
    'The reply &lt;was&gt; lost.',
    'settled after 80ms',
  ])
    expect(page).toContain(text)
  expect(page).toMatch(/steady state<\/td><td class="time">0\.000 s<\/td><td class="time">3\.000 s/)
})

test('the story is folded until the learner has explained the run', () => {
  const story = { about: 'order 1', headline: 'lost', lines: [], expected: 'a', actual: 'b' }
  const told = { ...known, verdict: { ...known.verdict, story }, events: journal, scenarioText: '' }
  const { explanation: _explanation, ...unexplained } = lab
  const folded = /<details><summary>Show the story/
  expect(reportPage({ ...told, lab: unexplained, version: 'mine' })).toMatch(folded)
  expect(reportPage({ ...told, lab, version: 'mine' })).not.toMatch(folded)
  expect(reportPage({ ...told, lab: unexplained, version: 'start' })).not.toMatch(folded)
  expect(reportPage(told)).not.toMatch(folded)
})

test('a report is written from the folder of a run', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'report-'))
  await writeFile(
    join(folder.path, 'journal.jsonl'),
    journal.map((event) => `${JSON.stringify(event)}\n`).join(''),
  )
  await writeFile(join(folder.path, 'scenario.yaml'), 'title: from the file')
  const file = await writeReport(folder.path, known)
  expect(await readFile(file, 'utf8')).toContain('title: from the file')
})
