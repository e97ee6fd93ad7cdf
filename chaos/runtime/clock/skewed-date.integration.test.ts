import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, expect, test, vi } from 'vitest'

import { clockFileVariable, formatSkews } from './clock-file.ts'
import { skewedDateArguments } from './clocks.ts'

const program = fileURLToPath(new URL('testing/report-time.ts', import.meta.url))
const hourMs = 3_600_000
const patience = { timeout: 5_000 }

/** What `testing/report-time.ts` sends for each message. */
interface Report {
  readonly now: number
  readonly constructed: number
  readonly called: number
  readonly taken: number
  readonly threadNow: number
  readonly isDate: boolean
  readonly parsed: string
  readonly timerMs: number
  readonly monotonicMs: number
}

const folders: string[] = []
const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

test('the clock of a running process jumps, everywhere and only while the lease lasts, without an owner', async () => {
  const { report, skew } = await startProcess()
  expect(Math.abs((await report()).now - Date.now())).toBeLessThan(5_000)
  await skew({ offsetMs: hourMs, leaseMs: 60_000 })
  const ahead = await vi.waitFor(async () => {
    const found = await report()
    for (const time of [found.now, found.constructed, found.called, found.taken, found.threadNow])
      expect(Math.abs(time - Date.now() - hourMs)).toBeLessThan(5_000)
    return found
  }, patience)
  expect(ahead).toMatchObject({ isDate: true, parsed: '2026-01-02T03:04:05.000Z' })
  // From here on nothing else acts: the end of the lease is in the process.
  await skew({ offsetMs: hourMs, leaseMs: 200 })
  await vi.waitFor(
    async () => expect(Math.abs((await report()).now - Date.now())).toBeLessThan(5_000),
    patience,
  )
})

test('timers and the monotonic clock do not jump', async () => {
  const { report, skew } = await startProcess()
  const before = await report()
  await skew({ offsetMs: -hourMs, leaseMs: 60_000 })
  const after = await vi.waitFor(async () => {
    const found = await report()
    expect(found.now).toBeLessThan(before.now)
    return found
  }, patience)
  expect(after.timerMs).toBeLessThan(5_000)
  expect(after.monotonicMs).toBeGreaterThan(before.monotonicMs)
  expect(after.monotonicMs - before.monotonicMs).toBeLessThan(30_000)
})

test('a process that starts during a skew has it, and a file that goes away ends it', async () => {
  const folder = await newFolder()
  await writeSkew(folder, { offsetMs: hourMs, leaseMs: 60_000 })
  const { report } = await startProcess(folder)
  expect(Math.abs((await report()).now - Date.now() - hourMs)).toBeLessThan(5_000)
  await rm(path.join(folder, 'api-1'))
  await vi.waitFor(
    async () => expect(Math.abs((await report()).now - Date.now())).toBeLessThan(5_000),
    patience,
  )
})

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'unhappy-clock-'))
  folders.push(folder)
  return folder
}

async function writeSkew(folder: string, skew: { offsetMs: number; leaseMs: number }) {
  const sinceMs = Date.now()
  const { offsetMs, leaseMs } = skew
  const whole = { id: 'clock-skew-1', offsetMs, drift: 0, sinceMs, untilMs: sinceMs + leaseMs }
  await writeFile(path.join(folder, 'new'), formatSkews([whole]))
  await rename(path.join(folder, 'new'), path.join(folder, 'api-1'))
}

async function startProcess(given?: string) {
  const folder = given ?? (await newFolder())
  const child = fork(program, {
    execArgv: [...skewedDateArguments],
    env: { [clockFileVariable]: path.join(folder, 'api-1') },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  const report = async (): Promise<Report> =>
    await new Promise((resolve) => {
      child.once('message', (message) => resolve(message as Report))
      child.send('report')
    })
  return {
    report,
    skew: async (skew: Parameters<typeof writeSkew>[1]) => await writeSkew(folder, skew),
  }
}
