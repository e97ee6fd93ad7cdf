import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { localPort } from '#chaos/contracts/ports.ts'
import { formatSpace, ownProcessSpace } from '#chaos/lib/process-space.ts'

import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

/** No other test uses it. */
const slot = 29
const listen = `require('net').createServer().listen(${localPort(slot, 1)}, '127.0.0.1', () => process.send('listening'))`

let cli: TestCli
let cache: string
/** The folder of a sandbox whose keeper is dead, and one of another machine. */
let dead: string
let foreign: string
/** A process of the dead sandbox, frozen, with a port. */
let left: ChildProcess

beforeAll(async () => {
  cli = await createTestCli()
  cache = mkdtempSync(join(tmpdir(), 'unhappy-cache-'))
  const own = ownProcessSpace()
  dead = join(cache, 'sandboxes', `${slot}-999999-1-${formatSpace(own)}`)
  const other = { machine: 'other', boot: 'other', pids: '1' }
  foreign = join(cache, 'sandboxes', `0-1-1-${formatSpace(other)}`)
  for (const folder of [dead, foreign]) mkdirSync(folder, { recursive: true })
  left = spawn(process.execPath, ['-e', listen], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { UNHAPPY_SANDBOX: dead },
  })
  await once(left, 'message')
  left.kill('SIGSTOP')
})
afterAll(async () => {
  left.kill('SIGKILL')
  await cli[Symbol.asyncDispose]()
  rmSync(cache, { recursive: true, force: true })
})

const run = async (...args: readonly string[]) =>
  await cli.run(args, { environment: { UNHAPPY_CACHE: cache } })

test('status names folder, processes and ports of a dead sandbox, and the command that removes them', async () => {
  const { status, stderr } = await run('status')
  expect(status).toBe(2)
  expect(stderr).toContain(`${dead}, 1 process, ports ${localPort(slot, 1)}`)
  expect(stderr).toContain('unhappy down --all')
  expect(stderr).toContain(foreign)
})

test('doctor reports it too', async () => {
  const { stdout } = await run('doctor', '--json')
  const findings = JSON.parse(stdout) as { state: string; what: string; remedy?: string }[]
  const found = findings.filter(({ what }) => what.includes(cache))
  expect(found).toMatchObject([{ state: 'warning' }, { state: 'warning' }])
  expect(found.map(({ remedy }) => remedy).join()).toContain('unhappy down --all')
})

test('down --all removes it, and leaves a sandbox of another machine alone', async () => {
  const ended = once(left, 'exit')
  const { status, stdout } = await run('down', '--all', '--json')
  expect(status).toBe(0)
  const { cleanedUp } = JSON.parse(stdout) as { cleanedUp: readonly string[] }
  expect(cleanedUp.filter((line) => line.includes(dead))).toHaveLength(1)
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(existsSync(dead)).toBe(false)
  expect(existsSync(foreign)).toBe(true)
  const { stderr } = await run('status')
  expect(stderr).not.toContain(dead)
})
