import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterEach, test as base, expect, vi } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { cleanUpSandboxes } from './clean-up-sandboxes.ts'

/** Runs a program with its own PID namespace and its own /proc, as a container does. */
const apart = ['--pid', '--fork', '--mount-proc', '--kill-child']
const unshare = [apart, ['--user', '--map-root-user', ...apart]].find(isAllowed)

const keepHere = fileURLToPath(new URL('testing/keep-here.ts', import.meta.url))
const cleanUpHere = fileURLToPath(new URL('testing/clean-up-here.ts', import.meta.url))

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

const test = base.extend('sandboxes', async ({}, { onCleanup }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'namespaces-'))
  onCleanup(() => rmSync(folder, { recursive: true, force: true }))
  return folder
})

// sandbox-folder.test.ts has the same cases with the identity of another namespace.
test.skipIf(unshare === undefined)(
  'a sandbox in another PID namespace survives a clean-up here, and is removed when that namespace is gone',
  async ({ sandboxes }) => {
    const { folder, process: other } = await keep(sandboxes, ['unshare', ...(unshare ?? [])])
    expect(await cleanUpSandboxes(sandboxes, systemClock)).toEqual([])
    expect(existsSync(path.join(folder, 'sleeper.log'))).toBe(true)
    await kill(other)
    await vi.waitFor(
      // While the namespace ends, the sandbox is left alone.
      async () =>
        expect((await cleanUpSandboxes(sandboxes, systemClock)).join()).toContain(
          `Removed an earlier sandbox: ${folder}`,
        ),
      { timeout: 10_000 },
    )
    expect(existsSync(folder)).toBe(false)
  },
)

test.skipIf(unshare === undefined)(
  'a sandbox here survives a clean-up in another PID namespace',
  async ({ sandboxes }) => {
    const { folder, pid, process: keeper } = await keep(sandboxes, [])
    const command = [...(unshare ?? []), process.execPath, cleanUpHere, sandboxes]
    expect(JSON.parse(execFileSync('unshare', command, { encoding: 'utf8' }))).toEqual([])
    expect(existsSync(path.join(folder, 'sleeper.log'))).toBe(true)
    expect(process.kill(pid, 0)).toBe(true)
    await kill(keeper)
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 10_000 })
  },
)

interface Kept {
  readonly folder: string
  readonly pid: number
  readonly process: ChildProcess
}

/** A sandbox whose controller is a child of this process. */
async function keep(sandboxes: string, before: readonly string[]): Promise<Kept> {
  const [command, ...args] = [...before, process.execPath, keepHere, sandboxes] as const
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const [, folder, pid] = /^open (\S+) (\d+)$/.exec(line) ?? []
    if (folder !== undefined) return { folder, pid: Number(pid), process: child }
  }
  throw new Error('the sandbox did not open')
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

function isAllowed(flags: readonly string[]): boolean {
  try {
    execFileSync('unshare', [...flags, 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
