import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { createApiClient } from '#chaos/api/client/api-client.ts'
import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'
import { homeAt } from '#chaos/home/home.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { leftoversOf } from '#chaos/runtime/local/testing/leftovers.ts'

import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

// A sandbox whose parts do not respond can be read, healed and ended.
let cli: TestCli
let file: SandboxFile
let api: ApiClient

beforeAll(async () => {
  cli = await createTestCli()
  // Sandboxes of other tests take the lowest slots, and would take this one's when it is down.
  const { status, stderr } = await cli.run(['up', '--detach', '--sandbox', '45'])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  const [only] = await listSandboxFiles(homeAt(cli.home).sandboxes)
  if (only === undefined) throw new Error('The sandbox has no file.')
  file = only
  api = createApiClient(file, systemClock, new AbortController().signal)
})
afterAll(async () => cli[Symbol.asyncDispose]())

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startMs = performance.now()
  const result = await work()
  return { result, ms: performance.now() - startMs }
}

const paused = ['postgres', 'redis', 'payments']

test('with Postgres, Redis and payments paused, status and halt return within a second', async () => {
  for (const target of paused) await api.inject({ kind: 'pause', target })
  const view = await timed(() => api.sandbox())
  expect(view.ms).toBeLessThan(1_000)
  expect(view.result.unread?.map(({ part }) => part)).toEqual(['Postgres', 'Redis', 'payments'])
  const states = new Map(view.result.instances.map(({ name, state }) => [name, state]))
  expect(paused.map((name) => states.get(name))).toEqual(['paused', 'paused', 'paused'])
  expect(view.result.links.length).toBeGreaterThan(0)
  const status = await cli.run(['status'])
  expect(status).toMatchObject({ status: 0, stdout: expect.stringMatching(/Cannot read Redis/) })
  await expect(api.truth()).rejects.toMatchObject({ status: 503 })

  const halt = await timed(() => api.halt())
  expect(halt.ms).toBeLessThan(1_000)
  expect(halt.result.undone.toSorted()).toEqual(paused.toSorted().map((one) => `pause on ${one}`))
  expect(halt.result.couldNotUndo).toEqual([])
  await expect.poll(async () => (await api.sandbox()).ready).toBe(true)
  await api.lift()
})

test('a halt heals 32 of 33 faults within a second, names the other, and the killed instance starts', async () => {
  const { links, urls } = await api.sandbox()
  await api.inject({ kind: 'postgres-lock', target: 'postgres' })
  const backend = await frozenBackend(urls)
  for (let number = 0; number < 28; number++) {
    const target = links[number % links.length]?.name ?? ''
    await api.inject({ kind: 'latency', target, params: { latencyMs: 20 } })
  }
  for (const target of ['worker-1', 'worker-2', 'redis'])
    await api.inject({ kind: 'pause', target })
  await api.inject({ kind: 'crash', target: 'payments' })

  const halt = await timed(() => api.halt())
  expect(halt.ms).toBeLessThan(1_000)
  expect(halt.result.couldNotUndo.map(({ what }) => what)).toEqual(['postgres-lock on postgres'])
  const { undone, starting = [] } = halt.result
  expect(undone.filter((what) => !what.startsWith('crash'))).toHaveLength(31)
  expect([...undone, ...starting].filter((what) => /^payments$|^crash/.test(what))).toHaveLength(1)
  await expect
    .poll(async () => stateOf(await api.sandbox(), 'payments'), { timeout: 5_000 })
    .toBe('ready')
  process.kill(backend, 'SIGCONT')
  await expect.poll(async () => (await api.sandbox()).faults).toEqual([])
  await api.lift()
})

/** Freezes the process of Postgres that holds the lock: its session cannot be closed. */
async function frozenBackend(urls: SandboxView['urls']): Promise<number> {
  const client = new Client({ connectionString: urls.postgres })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'chaos-fault'`,
  )
  await client.end()
  const [pid] = rows.map((row) => row.pid)
  if (rows.length !== 1 || pid === undefined) throw new Error(`${rows.length} sessions hold a lock`)
  process.kill(pid, 'SIGSTOP')
  return pid
}

function stateOf({ instances }: SandboxView, name: string): string | undefined {
  return instances.find((instance) => instance.name === name)?.state
}

test('a data plane that restarts heals its faults, and the sandbox lists them no longer', async () => {
  await api.inject({ kind: 'latency', target: 'api-1:redis', params: { latencyMs: 20 } })
  const { lastSeq, instances } = await api.sandbox()
  process.kill(instances.find(({ name }) => name === 'links')?.pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await api.sandbox()).faults).toEqual([])
  const over = new AbortController()
  for await (const event of api.events({ types: ['fault'] }, lastSeq, over.signal)) {
    expect(event).toMatchObject({ what: 'healed', reason: 'links-reset' })
    over.abort()
  }
})

test('a frozen controller is silent: no second sandbox starts, and down ends it', async () => {
  process.kill(file.pid, 'SIGSTOP')
  expect(await cli.run(['status'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(`Sandbox ${file.slot} does not respond`) as string,
  })
  expect(await cli.run(['up', '--detach'])).toMatchObject({ status: 3 })
  const down = await cli.run(['down'])
  expect(down).toMatchObject({
    status: 0,
    stderr: expect.stringContaining(`${file.pid}`) as string,
  })
  expect(await leftoversOf(file.slot, file.pid)).toEqual([])
  expect(await listSandboxFiles(homeAt(cli.home).sandboxes)).toEqual([])
})
