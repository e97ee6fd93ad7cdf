import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { formatSpace, ownProcessSpace, type ProcessSpace } from '#chaos/lib/process-space.ts'

import { cleanUpSandboxes } from './clean-up-sandboxes.ts'
import { keeperSocket, keeperState, sandboxFolderName } from './sandbox-folder.ts'

const own = ownProcessSpace()
/** No process has this id and this start time. */
const deadPid = '999999-1'
const otherNamespace = { ...own, pids: '1' }
const elsewhere = { machine: 'other', boot: 'other', pids: '1' }

const test = base.extend('sandboxes', async ({}, { onCleanup }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sandboxes-'))
  onCleanup(() => rmSync(folder, { recursive: true }))
  return folder
})

function folderOf(sandboxes: string, space: ProcessSpace): string {
  const folder = path.join(sandboxes, `3-${deadPid}-${formatSpace(space)}`)
  mkdirSync(folder)
  return folder
}

/** Listens on the folder's socket until disposed. */
async function listenIn(folder: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(keeperSocket(folder), resolve))
  return { [Symbol.asyncDispose]: async () => void server.close() }
}

/** A socket file that no process listens on, as after a SIGKILL. */
function leaveSocket(folder: string): void {
  const listen = `require('net').createServer().listen(${JSON.stringify(keeperSocket(folder))},()=>process.kill(process.pid,'SIGKILL'))`
  try {
    execFileSync(process.execPath, ['-e', listen])
  } catch {
    // It was killed.
  }
}

test('the keeper of this namespace is judged by its pid and start time', async ({ sandboxes }) => {
  const name = await sandboxFolderName(3, process.pid)
  expect(await keeperState(path.join(sandboxes, name))).toBe('lives')
  const reused = name.replace(/-(\d+)-\d+-/, '-$1-1-')
  expect(reused).not.toBe(name)
  expect(await keeperState(path.join(sandboxes, reused))).toBe('dead')
  expect(await keeperState(folderOf(sandboxes, own))).toBe('dead')
})

test('a keeper of another namespace lives while its socket is open', async ({ sandboxes }) => {
  const folder = folderOf(sandboxes, otherNamespace)
  await using _socket = await listenIn(folder)
  expect(await keeperState(folder)).toBe('lives')
  expect(await cleanUpSandboxes(sandboxes, systemClock)).toEqual([])
  expect(await keeperState(folder)).toBe('lives')
})

test('a keeper of another namespace is dead when its socket is refused', async ({ sandboxes }) => {
  const folder = folderOf(sandboxes, otherNamespace)
  leaveSocket(folder)
  expect(await keeperState(folder)).toBe('dead')
})

test.for([
  ['another namespace, without a socket', otherNamespace],
  ['another machine', elsewhere],
] as const)('%s: it is left alone, and the clean-up says so', async ([, space], { sandboxes }) => {
  const folder = folderOf(sandboxes, space)
  if (space === elsewhere) leaveSocket(folder)
  expect(await keeperState(folder)).toBe('unknown')
  const [line, ...more] = await cleanUpSandboxes(sandboxes, systemClock)
  expect(line).toContain(folder)
  expect(more).toEqual([])
  expect(await keeperState(folder)).toBe('unknown')
})

test('after a restart of the machine, a sandbox is dead', async ({ sandboxes }) => {
  const folder = folderOf(sandboxes, { ...own, boot: 'before' })
  expect(await keeperState(folder)).toBe('dead')
})

test('a folder with another name is not a sandbox', async ({ sandboxes }) => {
  expect(await keeperState(path.join(sandboxes, 'backup'))).toBeUndefined()
  expect(await keeperState(path.join(sandboxes, '0-12-345'))).toBeUndefined()
})
