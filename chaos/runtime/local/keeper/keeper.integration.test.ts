import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { formatSpace, ownProcessSpace } from '#chaos/lib/process-space.ts'

import type { KeeperReport, SlotCandidate, SpawnRequest } from './keeper-requests.ts'
import { listProcesses } from './list-processes.ts'
import { startKeeper, type Keeper } from './start-keeper.ts'

const family = fileURLToPath(new URL('../testing/family.ts', import.meta.url))
let sandboxesFolder: string
let keeper: Keeper
let folder: string
let reports: KeeperReport[]

beforeEach(async () => {
  sandboxesFolder = mkdtempSync(path.join(tmpdir(), 'keeper-test-'))
  keeper = startKeeper()
  reports = []
  keeper.onReport((report) => reports.push(report))
  const opened = await keeper.request('open', { sandboxesFolder, candidates: [await candidate()] })
  if ('taken' in opened) throw new Error('the slot was taken')
  folder = opened.folder
})
afterEach(async () => {
  await keeper.request('end', {}).catch(() => undefined)
  await keeper.ended
  rmSync(sandboxesFolder, { recursive: true, force: true })
})

test('kill ends the whole tree: children, other sessions and orphans', async () => {
  const pids = await spawnFamily()
  await keeper.request('kill', { name: 'family' })
  expect(await alive(pids)).toEqual([])
  expect(reports).toEqual([
    { report: 'exited', name: 'family', pid: pids[0], code: null, signal: 'SIGKILL' },
  ])
})

test('when the root dies by itself, its tree is killed before the exit is reported', async () => {
  const pids = await spawnFamily()
  process.kill(pids[0] ?? Number.NaN, 'SIGKILL')
  await vi.waitFor(() => expect(reports).toHaveLength(1), { timeout: 5_000 })
  expect(await alive(pids)).toEqual([])
})

test('pause freezes the whole tree, and resume continues it', async () => {
  const pids = await spawnFamily()
  await keeper.request('pause', { name: 'family', leaseMs: 60_000 })
  expect(await stopped(pids)).toEqual(pids)
  await keeper.request('resume', { name: 'family' })
  expect(await stopped(pids)).toEqual([])
})

test('pause also freezes a process that starts programs all the time', async () => {
  const { pid } = await keeper.request(
    'spawn',
    spawnRequest('starter', 'sh', ['-c', 'while :; do /bin/true; done']),
  )
  for (let round = 0; round < 30; round++) {
    await keeper.request('pause', { name: 'starter', leaseMs: 60_000 })
    expect(await stopped([pid])).toEqual([pid])
    await keeper.request('resume', { name: 'starter' })
  }
})

test('a pause ends with its lease, and a newer pause has its own lease', async () => {
  const pids = await spawnFamily()
  await keeper.request('pause', { name: 'family', leaseMs: 20_000 })
  await keeper.request('pause', { name: 'family', leaseMs: 300 })
  await vi.waitFor(() => expect(reports).toEqual([{ report: 'lease-ended', name: 'family' }]), {
    timeout: 5_000,
  })
  expect(await stopped(pids)).toEqual([])
})

test('the end kills everything and removes the folder and the sandbox file', async () => {
  const pids = await spawnFamily()
  await keeper.request('pause', { name: 'family', leaseMs: 60_000 })
  await keeper.request('end', {})
  await keeper.ended
  expect(await alive(pids)).toEqual([])
  expect(existsSync(folder)).toBe(false)
  expect(existsSync(path.join(sandboxesFolder, 'sandbox.json'))).toBe(false)
})

test('the end also kills a running helper', async () => {
  const helper = keeper
    .request('run', {
      ...spawnRequest('helper', 'bash', ['-c', 'sleep 60; exit 0']),
      timeoutMs: 60_000,
    })
    .then(({ signal }) => signal)
    .catch(() => 'the keeper ended first')
  await vi.waitFor(async () => expect(await children()).not.toEqual([]), { timeout: 5_000 })
  const pids = await children()
  await keeper.request('end', {})
  await keeper.ended
  expect(await alive(pids)).toEqual([])
  expect(['SIGKILL', 'the keeper ended first']).toContain(await helper)
})

test('a program that does not exist is an error with its path', async () => {
  const spawned = keeper.request('spawn', spawnRequest('ghost', '/nowhere/ghost', []))
  await expect(spawned).rejects.toThrow(/\/nowhere\/ghost ENOENT/)
})

test('a name can run only once', async () => {
  await keeper.request('spawn', spawnRequest('one', 'sleep', ['60']))
  await expect(keeper.request('spawn', spawnRequest('one', 'sleep', ['60']))).rejects.toThrow(
    /^one /,
  )
})

test('skips a slot whose claim port or any other port is taken', async () => {
  const other = startKeeper()
  const first = await candidate()
  const busy = createServer().listen(first.ports[0], '127.0.0.1')
  const held = { ...(await candidate()), slot: 8 }
  const free = { ...(await candidate()), slot: 9 }
  const holder = createServer().listen(held.claimPort, '127.0.0.1')
  const opened = await other.request('open', { sandboxesFolder, candidates: [first, held, free] })
  expect(opened).toMatchObject({ slot: 9 })
  await other.request('end', {})
  busy.close()
  holder.close()
})

test('without a free slot, the result names the taken ports', async () => {
  const other = startKeeper()
  const one = await candidate()
  const busy = createServer().listen(one.ports[0], '127.0.0.1')
  const opened = await other.request('open', { sandboxesFolder, candidates: [one] })
  expect(opened).toEqual({ taken: [{ slot: 7, port: one.ports[0] }] })
  await other.request('end', {})
  busy.close()
})

async function spawnFamily(): Promise<number[]> {
  await keeper.request('spawn', spawnRequest('family', process.execPath, [family]))
  const log = path.join(folder, 'family.log')
  return await vi.waitFor(
    () => {
      const pids = /PIDS (.*)/.exec(readFileSync(log, 'utf8'))?.[1]?.split(' ').map(Number)
      if (pids === undefined) throw new Error('not yet')
      return pids
    },
    { timeout: 10_000 },
  )
}

function spawnRequest(name: string, command: string, args: readonly string[]): SpawnRequest {
  const environment = { PATH: process.env['PATH'] ?? '' }
  const logFile = path.join(folder, `${name}.log`)
  return { name, command, args, environment, cwd: folder, logFile }
}

async function candidate(): Promise<SlotCandidate> {
  const sandboxFile = path.join(sandboxesFolder, 'sandbox.json')
  const processSpace = formatSpace(ownProcessSpace())
  writeFileSync(sandboxFile, JSON.stringify({ pid: process.pid, processSpace }))
  return { slot: 7, claimPort: await freePort(), ports: [await freePort()], sandboxFile }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function alive(pids: readonly number[]): Promise<number[]> {
  const living = (await listProcesses()).filter(({ zombie }) => !zombie).map(({ pid }) => pid)
  return pids.filter((pid) => living.includes(pid))
}

async function stopped(pids: readonly number[]): Promise<number[]> {
  const entries = (await listProcesses()).filter(({ stopped }) => stopped).map(({ pid }) => pid)
  return pids.filter((pid) => entries.includes(pid))
}

async function children(): Promise<number[]> {
  return (await listProcesses()).filter(({ ppid }) => ppid === keeper.pid).map(({ pid }) => pid)
}
