import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { runRows } from '#chaos/dashboard/src/data/run-rows.ts'
import { homeAt } from '#chaos/home/home.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'
import { reportPage } from '#chaos/report/report-page.ts'
import { runChart } from '#chaos/report/run-chart.ts'

import type { Cli } from './cli.ts'
import { createPrinter } from './ui/printer.ts'
import { createProgressDisplay } from './ui/progress-display.ts'
import { storyText } from './ui/verdict.ts'

/** A real run of the starting code of the lab dual-write: its record, and its journal without exchanges and figures. */
const folder = join(import.meta.dirname, 'testing', 'recorded-run')
const run = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as RunView
const events = parseJsonLines(
  await readFile(join(folder, 'journal.jsonl'), 'utf8'),
) as SandboxEvent[]

function given<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the recorded run has no such part')
  return value
}

/** Everything that a fault says about itself in each view. */
const crash = /crash .*on api-\d/
const time = /−?\d+\.\d{3} s/

/** The time in the line with the start of the crash. Views print the time first. */
function timeIn(lines: readonly string[], begin: RegExp): string | undefined {
  const line = lines.find((text) => crash.test(text) && begin.test(text))
  return line === undefined ? undefined : time.exec(line)?.[0]
}

function createTerminal(): { readonly cli: Cli; readonly lines: () => readonly string[] } {
  const written: string[] = []
  const stream = { isTTY: false, columns: 400, write: (text: string) => written.push(text) }
  const out = createPrinter(stream, { noColour: true, environment: {} })
  const cli = {
    home: homeAt(tmpdir()),
    out,
    err: out,
    interactive: false,
    json: false,
    program: 'unhappy',
    slot: undefined,
    environment: {},
    signal: new AbortController().signal,
    clock: { now: () => 0, wallTimeMs: () => 0, sleep: () => new Promise<never>(() => undefined) },
  } satisfies Cli
  return { cli, lines: () => written.join('').split('\n') }
}

function pageOf(journal: readonly SandboxEvent[]): string {
  return reportPage({
    ...run,
    lab: { id: 'dual-write', title: 'Dual write', goal: '', diffs: [] },
    verdict: given(run.verdict),
    operations: ['place-order', 'browse'],
    events: journal,
    scenarioText: '',
    versions: {},
  })
}

const report = pageOf(events)
const withoutTags = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ')
const rowsOf = (html: string): string[] =>
  [...html.matchAll(/<(tr|li)[ >].*?<\/\1>/gs)].map(([row]) => withoutTags(row))

test('a fault begins at one time in story, report, page and terminal', () => {
  const story = given(run.verdict?.story)
  const { cli, lines } = createTerminal()
  {
    using progress = createProgressDisplay(cli)
    for (const event of events) progress.show(event)
  }
  const page = runRows(events, run.zeroMs)
  const [chartPart, timelinePart] = [
    /<ol class="bands.*?<\/ol>/s,
    /<section class="story events.*/s,
  ].map((part) => part.exec(report)?.[0] ?? '')
  const band = runChart(events, run.zeroMs)?.bands.find(({ label }) => crash.test(label))
  const times = {
    story: timeIn(storyText(story, cli.out).split('\n'), /begins/),
    terminal: timeIn(lines(), /injected/),
    reportStory: timeIn(
      rowsOf(/<section class="story">.*?<\/section>/s.exec(report)?.[0] ?? ''),
      /begins/,
    ),
    reportChart: timeIn(rowsOf(chartPart ?? ''), /to/),
    reportTimeline: timeIn(rowsOf(timelinePart ?? ''), /SIGKILL/),
    page: timeIn(
      page.rows.map(({ event, text }) => `${page.timeOf?.(event)} ${text}`),
      /SIGKILL/,
    ),
    pageChart: band === undefined ? undefined : `${(band.fromMs / 1_000).toFixed(3)} s`,
  }
  expect(times.story).toMatch(time)
  expect(new Set(Object.values(times))).toEqual(new Set([times.story]))
})

test('an operation ends at one time in history, chart and journal', () => {
  const chart = runChart(events, run.zeroMs)
  // The journal receives an operation when it has ended.
  for (const { ms, operation } of chart?.samples ?? []) {
    expect(ms).toBeGreaterThanOrEqual(operation.endMs - 0.2)
    expect(ms - operation.endMs).toBeLessThan(50)
  }
  expect(chart?.samples.length).toBeGreaterThan(50)
})

test('the band of the report is drawn where its time is', () => {
  const chart = given(runChart(events, run.zeroMs))
  const drawn = [...report.matchAll(/class="edge" x1="([\d.]+)%"/g)].map(([, x]) => Number(x))
  const wanted = chart.bands.map(({ fromMs }) => (100 * fromMs) / chart.toMs)
  expect(drawn.length).toBe(2 * wanted.length)
  for (const [i, x] of drawn.entries()) expect(x).toBeCloseTo(wanted[i % wanted.length] ?? -1, 2)
})

test('the report draws no effect before its cause', () => {
  const chart = given(runChart(events, run.zeroMs))
  const faultMs = Math.min(...chart.bands.map(({ fromMs }) => fromMs))
  // The recorded run with a worse system: from the first fault on, no response is clear.
  const worse = events.map((event) =>
    event.type === 'operation' && event.ms - given(run.zeroMs) > faultMs
      ? { ...event, operation: { ...event.operation, outcome: 'unknown' as const } }
      : event,
  )
  const curve = /class="line unknown"[^>]*d="([^"]*)"/.exec(pageOf(worse))?.[1] ?? ''
  const [start = '', ...steps] = curve.split('V')
  const floor = Number(start.split(' ')[1])
  const rise = steps.findIndex((step) => Number(step.split('H')[0]) < floor)
  expect(rise).toBeGreaterThan(0)
  // A step begins where the one before it ends.
  const x = Number(steps[rise - 1]?.split('H')[1])
  expect(x).toBeCloseTo((1_000 * faultMs) / chart.toMs, 1)
})
