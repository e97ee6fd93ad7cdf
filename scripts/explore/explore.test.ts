import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'
import { labs } from '#labs/index.ts'

import { cellIdOf, cellOf, viewCell } from './cells.ts'
import { explorePage } from './explore-page.ts'
import { flowOfOrder } from './flow-of-order.ts'
import { momentsOf } from './moments.ts'
import { readRecordings } from './recordings.ts'
import { faults, followed, lab, predicted, versions } from './versions.ts'

const recordings = readRecordings()
const [start, nearMiss, fix] = recordings
const page = readFileSync(path.join(projectRoot, 'docs/explore.html'), 'utf8')

test('the page has at most 1 MB', () => {
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1_000_000)
})

test('the page names no address that a browser could load', () => {
  // The namespace of SVG is a name.
  const rest = page.replaceAll('http://www.w3.org/2000/svg', '')
  expect(rest).not.toMatch(/https?:|\bsrc=|<link|@import|url\(|fetch\(|import\(/)
  expect([...rest.matchAll(/href="([^"]*)"/g)].map(([, to]) => to?.[0])).toEqual(['#'])
})

test('each recorded version ran the code that it has now', () => {
  const folder = `labs/data-correctness/${lab}`
  for (const { version, code } of recordings) {
    const file = version === 'shop' ? 'services/api/seams' : `${folder}/${version}`
    expect(code).toBe(readFileSync(path.join(projectRoot, file, 'place-order.ts'), 'utf8'))
  }
  expect(recordings.map(({ version }) => version)).toEqual(versions.map(({ version }) => version))
})

test('the recordings show what the page says about the versions', () => {
  const results = recordings.map((recording) =>
    faults.map((fault) => viewCell(recording, cellIdOf(recording, fault)).colour === 'red'),
  )
  expect(results[0]).toEqual([true, true, true])
  expect(results[1]?.[0]).toBe(false)
  expect(results[1]).toContain(true)
  expect(results[2]).toEqual([false, false, false])
  const lost = recordings.map(({ run }) => run.orders.filter(({ isLost }) => isLost).length)
  expect(lost[0]).toBeGreaterThan(lost[1] ?? Infinity)
  expect(lost[1]).toBeGreaterThan(0)
  expect(lost[2]).toBe(0)
  expect([start, nearMiss, fix].map((recording) => recording?.run.outcome)).toEqual([
    'violated',
    'violated',
    'held',
  ])
  expect(start?.run.headline).toMatch(new RegExp(`^${lost[0]} of ${start?.run.orders.length} `))
})

test('the shown lab exists, and the predictions have different answers', () => {
  expect(labs.map(({ id }) => id)).toContain(lab)
  const colours = predicted.map((one) => start && viewCell(start, cellIdOf(start, one)).colour)
  expect(new Set(colours).size).toBeGreaterThan(1)
})

test('the moments of the lost order go down the diagram, and the sources of truth end in contradiction', () => {
  if (start === undefined) throw new Error('no recording')
  const { history = [], result } = cellOf(start, cellIdOf(start, followed))
  const flow = flowOfOrder({ title: '', history, known: new Set(), isLost: result === 'lost' })
  const moments = momentsOf(flow, { ...flow, holdings: [] })
  const heights = moments.map(({ y }) => y)
  expect(heights).toEqual(heights.toSorted((a, b) => a - b))
  expect(moments[0]?.holds['postgres']).toEqual({ text: 'no order', isWrong: false })
  const end = moments.at(-1)?.holds
  expect(end?.['client']?.text).toContain('201')
  expect(end?.['postgres']).toMatchObject({ isWrong: true })
  expect(end?.['payments']?.text).toBe('no charge')
  // The message that the fault stopped is the only one that never arrives.
  expect(
    flow.messages.filter(({ arrivedMs }) => arrivedMs === undefined).map(({ text }) => text),
  ).toEqual([followed.signature])
})

test('a reply that a fault stopped leaves its effect in Postgres', () => {
  if (start === undefined) throw new Error('no recording')
  const id = cellIdOf(start, { signature: 'COMMIT', column: 'reply-cut' })
  const { history = [] } = cellOf(start, id)
  const flow = flowOfOrder({ title: '', history, known: new Set(), isLost: true })
  const lost = flow.messages.find(({ arrivedMs }) => arrivedMs === undefined)
  expect(lost).toMatchObject({ part: 'reply', from: 'postgres' })
  expect(flow.holdings).toContainEqual({
    source: 'postgres',
    atMs: lost?.sentMs,
    text: 'order placed',
  })
})

test('the page is built from the recordings alone', () => {
  const changed = recordings.map((recording, i) =>
    i === 0 ? { ...recording, run: { ...recording.run, orders: [] } } : recording,
  )
  expect(explorePage(recordings)).toBe(explorePage(recordings))
  expect(explorePage(changed)).not.toBe(explorePage(recordings))
})

test('every recorded story reads as sentences, without the words of the terminal', () => {
  const stories = recordings.flatMap((recording) =>
    recording.xray.cells.map(({ id }) => viewCell(recording, id).story),
  )
  expect(
    stories.filter((story) => /†|caller|callee|expected|got |settle|^At /.test(story)),
  ).toEqual([])
  expect(page).not.toMatch(/orders succeeded \(/)
})
