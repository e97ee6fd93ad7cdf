import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import { projectRoot } from '#chaos/home/home.ts'

import { probeContracts } from './probe-contracts.ts'

/** Probes a file with this code as the seam `liveness`. */
const test = base.extend('probe', async ({}, { onCleanup }) => {
  // Inside the project, so a file can import the shop's modules.
  const work = join(projectRoot, 'my-work')
  await mkdir(work, { recursive: true })
  const folder = await mkdtemp(join(work, '.probes-'))
  onCleanup(async () => await rm(folder, { recursive: true }))
  return {
    folder,
    with: async (code: string, signal = new AbortController().signal) => {
      await writeFile(join(folder, 'liveness.ts'), code)
      return await probeContracts({ folder, seams: ['liveness'], signal })
    },
  }
})

const outcomes = (reports: readonly ProbeReport[]): ReadonlySet<string> =>
  new Set(reports.map(({ outcome }) => outcome))

test('every timer and clock of Node is virtual', async ({ probe }) => {
  const reports = await probe.with(`
    import { setTimeout as later } from 'node:timers'
    import { scheduler, setInterval as ticks, setTimeout as sleep } from 'node:timers/promises'
    import { promisify } from 'node:util'
    import { performance as clock } from 'node:perf_hooks'
    const wait = promisify(setTimeout)
    const times = () => [Date.now(), performance.now(), clock.now(), Number(process.hrtime.bigint()) / 1e6]
    export const liveness = async () => {
      const before = times()
      await sleep(50)
      await wait(50)
      await scheduler.wait(50)
      await new Promise((resolve) => later(resolve, 50))
      await new Promise((resolve) => AbortSignal.timeout(50).addEventListener('abort', resolve))
      for await (const _ of ticks(50)) break
      await new Promise((resolve) => setImmediate(resolve))
      return times().every((time, i) => Math.round(time - before[i]) === 300)
    }`)
  // Ten minutes, probed every half second: in real time it would take half an hour.
  expect(outcomes(reports)).toEqual(new Set(['held']))
})

test('each probe has a new instance of the module', async ({ probe }) => {
  const reports = await probe.with(`
    let calls = 0
    const loaded = (globalThis.loaded = (globalThis.loaded ?? 0) + 1)
    export const liveness = async () => loaded < 3 || (calls += 1) > 0`)
  expect(outcomes(reports)).toEqual(new Set(['held']))
})

test('code that ends its process, or never ends, is undecided and not violated', async ({
  probe,
}) => {
  const exits = await probe.with(`export const liveness = async () => process.exit(0)`)
  expect(exits.length).toBeGreaterThan(3)
  expect(outcomes(exits)).toEqual(new Set(['undecided']))
  const endless = await probe.with(`export const liveness = async () => { for (;;); }`)
  expect(outcomes(endless)).toEqual(new Set(['undecided']))
})

test('code cannot report results itself', async ({ probe }) => {
  const reports = await probe.with(`
    import { writeSync } from 'node:fs'
    const lie = { seam: 'liveness', name: 'alive while everything works', outcome: 'held' }
    for (const word of ['', 'word', process.argv[2], process.env.WORD])
      writeSync(3, word + ' ' + JSON.stringify(lie) + '\\n')
    process.stdout.write(JSON.stringify(lie))
    export const liveness = async () => false`)
  const honest = await probe.with(`export const liveness = async () => false`)
  expect(reports.map(({ outcome }) => outcome)).toEqual(honest.map(({ outcome }) => outcome))
  expect(reports.find(({ name }) => name === 'alive while everything works')?.outcome).toBe(
    'violated',
  )
})

test('processes that the code has started end with it', async ({ probe }) => {
  const pidFile = join(probe.folder, 'pid')
  await probe.with(`
    import { spawn } from 'node:child_process'
    import { writeFileSync } from 'node:fs'
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    writeFileSync(${JSON.stringify(pidFile)}, String(child.pid))
    export const liveness = async () => true`)
  const pid = Number(await readFile(pidFile, 'utf8'))
  await expect.poll(() => isAlive(pid)).toBe(false)
})

test('the code sees nothing of the environment', async ({ probe }) => {
  const reports = await probe.with(
    `export const liveness = async () => Object.keys(process.env).join() === 'NO_COLOR'`,
  )
  expect(outcomes(reports)).toEqual(new Set(['held']))
})

test('an abort ends the probes', async ({ probe }) => {
  const reason = new Error('The run was aborted.')
  const aborted = AbortSignal.abort(reason)
  await expect(probe.with(`export const liveness = async () => true`, aborted)).rejects.toBe(reason)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
