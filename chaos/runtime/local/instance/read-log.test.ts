import {
  appendFileSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { LogLine } from '#chaos/contracts/runtime.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { readLog, timeOfLine, type LogOptions } from './read-log.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'read-log-'))
  file = path.join(folder, 'api-1.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('reads the last lines, each with its own time or the time of the line before', async () => {
  writeFileSync(
    file,
    'old\n{"time":1767225600000,"msg":"a"}\n    at main.ts\n{"time":1767225601000}\n',
  )
  expect(await collect({ tail: 3 })).toEqual([
    { instance: 'api-1', at: '2026-01-01T00:00:00.000Z', text: '{"time":1767225600000,"msg":"a"}' },
    { instance: 'api-1', at: '2026-01-01T00:00:00.000Z', text: '    at main.ts' },
    { instance: 'api-1', at: '2026-01-01T00:00:01.000Z', text: '{"time":1767225601000}' },
  ])
})

test('lines without any time are as old as the last of them', async () => {
  writeFileSync(file, 'Error: read ECONNRESET\n    at main.js\n')
  utimesSync(file, 1_767_225_600, 1_767_225_600)
  const times = (await collect({ tail: 3 })).map(({ at }) => at)
  expect(times).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'])
})

test('an instance that has never been started has no lines', async () => {
  expect(await collect({ tail: 10 })).toEqual([])
})

test('follows whole lines, even after the log was emptied, until the signal aborts', async () => {
  writeFileSync(file, 'one\ntw')
  const end = new AbortController()
  const lines: string[] = []
  const following = (async () => {
    const options = { tail: 1, follow: true, signal: end.signal }
    for await (const { text } of open(options)) lines.push(text)
  })()
  await expect.poll(() => lines).toEqual(['one'])
  appendFileSync(file, 'o\n')
  await expect.poll(() => lines).toEqual(['one', 'two'])
  truncateSync(file)
  appendFileSync(file, '3\n')
  await expect.poll(() => lines).toEqual(['one', 'two', '3'])
  end.abort()
  await following
})

test('reads the time of a pino line, in milliseconds or as text', () => {
  expect(timeOfLine('{"level":30,"time":1767225600123,"msg":"up"}')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
  expect(timeOfLine('{"level":30,"time":"2026-01-01T00:00:00.123Z","msg":"up"}')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
})

test('reads the time at the start of a Postgres or Redis line', () => {
  expect(timeOfLine('2026-01-01 00:00:00.123 UTC [17] LOG:  ready')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
  expect(timeOfLine('17:M 01 Jan 2026 00:00:00.123 * Ready to accept connections')).toBe(
    '2026-01-01T00:00:00.123Z',
  )
})

test('a line without a valid time has none', () => {
  expect(timeOfLine('    at main (file:///services/api/main.ts:3:1)')).toBeUndefined()
  expect(timeOfLine('{"time":"yesterday"}')).toBeUndefined()
})

function open(options: LogOptions): AsyncIterable<LogLine> {
  return readLog({ instance: 'api-1', file, clock: systemClock }, options)
}

async function collect(options: LogOptions): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for await (const line of open(options)) lines.push(line)
  return lines
}

test('a log without new lines is read at most 150 times a minute', async () => {
  writeFileSync(file, 'one\n')
  const end = new AbortController()
  let nowMs = 0
  let reads = 0
  const clock = {
    ...systemClock,
    sleep: async (delayMs: number) => {
      nowMs += delayMs
      reads += 1
      if (nowMs >= 60_000) end.abort()
    },
  }
  const lines = readLog(
    { instance: 'api-1', file, clock },
    { tail: 1, follow: true, signal: end.signal },
  )
  for await (const { text } of lines) expect(text).toBe('one')
  expect(reads).toBeLessThanOrEqual(150)
})
