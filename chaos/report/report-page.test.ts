import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { chartData } from './report-data.ts'
import { reportPage } from './report-page.ts'
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
  operation: { id, kind: 'browse', outcome, startMs: 0, endMs, attempts: [], tags: [] },
})

const journal = events([
  [1_000, operation(1, 'ok', 12)],
  [1_500, { type: 'fault', what: 'injected', fault }],
  [2_000, operation(2, 'unknown', 2_000)],
  [2_500, { type: 'fault', what: 'healed', fault, reason: 'run-ended' }],
  [3_000, operation(3, 'fail', 3)],
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
  const { bands, toMs } = chartData(
    journal.filter((event) => event.type !== 'fault' || event.what === 'injected'),
  )
  expect(bands).toEqual([{ label: 'latency 200 ms on api-1:redis', fromMs: 1_500, toMs }])
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
