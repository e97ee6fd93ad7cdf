import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { SandboxFile, SandboxView } from '#chaos/contracts/api.ts'

import { createTestCli } from './testing/test-cli.ts'
import type { TestCli } from './testing/test-cli.ts'

// The first steps of a user who has only the README, with the real shop.
let cli: TestCli
let sandbox: SandboxView
/** Sandboxes of other tests take the lowest slots. None may take the ports of this one when it is down. */
const slot = '41'

beforeAll(async () => {
  cli = await createTestCli()
  const { status, stdout, stderr } = await cli.run(['up', '--detach', '--json', '--sandbox', slot])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  sandbox = JSON.parse(stdout) as SandboxView
})
afterAll(async () => cli[Symbol.asyncDispose]())

const shop = (path: string): string => `${sandbox.urls.shop[0]}${path}`

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const startedAt = performance.now()
  const result = await work()
  return { result, ms: performance.now() - startedAt }
}

const quote = async (): Promise<{ complete: boolean }> => {
  const response = await fetch(shop('/quotes'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sku: 'tea', quantity: 1 }),
  })
  return (await response.json()) as { complete: boolean }
}

test('an order over plain HTTP is paid, and the sources of truth agree', async () => {
  const response = await fetch(shop('/orders'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'newcomer-1' },
    body: JSON.stringify({ customer: 'me', sku: 'tea', quantity: 2 }),
  })
  expect(response.status).toBe(201)
  await expect
    .poll(async () => JSON.parse((await cli.run(['truth', '--json'])).stdout) as object, {
      timeout: 20_000,
      interval: 300,
    })
    .toMatchObject({ orders: 1, paid: 1, charged: 1, ledgerCharges: 1, unfinished: 0 })
})

test('a latency fault slows the shop down until it is healed', async () => {
  const before = await timed(quote)
  expect(before.result.complete).toBe(true)
  const injected = await cli.run(['inject', 'latency', 'client:api-1', '--latencyMs', '400'])
  expect(injected).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/latency .*client:api-1[^]*unhappy heal latency-/) as string,
  })
  expect((await timed(quote)).ms).toBeGreaterThanOrEqual(400)
  expect((await cli.run(['status'])).stdout).toContain('client:api-1')
  expect(await cli.run(['heal'])).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/healed .*latency.*client:api-1/) as string,
  })
  const { faults, links } = JSON.parse((await cli.run(['status', '--json'])).stdout.trim()).at(
    0,
  ) as SandboxView
  expect(faults).toEqual([])
  expect(links.flatMap(({ toxics }) => toxics)).toEqual([])
})

test('a halt refuses new faults until it is lifted', async () => {
  expect((await cli.run(['halt'])).status).toBe(0)
  expect(await cli.run(['inject', 'reset', 'api-1:redis'])).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('halted') as string,
  })
  expect((await cli.run(['halt', '--lift'])).status).toBe(0)
  expect(
    (await cli.run(['inject', 'latency', 'api-1:redis', '--latencyMs', '1', '--for', '1s'])).status,
  ).toBe(0)
  expect((await cli.run(['heal'])).status).toBe(0)
})

test('SQL and Redis commands read the stores without other programs', async () => {
  const rows = await cli.run(['sql', 'SELECT client_key, status FROM orders', '--json'])
  expect(JSON.parse(rows.stdout)).toEqual([{ client_key: 'newcomer-1', status: 'paid' }])
  expect((await cli.run(['sql', 'SELECT nothing'])).status).toBe(3)
  expect((await cli.run(['redis', 'PING'])).stdout.trim()).toBe('PONG')
})

test('logs prints the log of an instance', async () => {
  const { stdout, status } = await cli.run(['logs', 'api-1', '--tail', '20'])
  expect(status).toBe(0)
  expect(stdout).toContain('ready')
})

test('a second sandbox starts only with --another', async () => {
  expect(await cli.run(['up'])).toMatchObject({
    status: 3,
    stderr: expect.stringContaining('unhappy up --another') as string,
  })
})

test('a page of another origin may not halt the sandbox', async () => {
  const response = await fetch(`${sandbox.urls.dashboard}/api/halt`, {
    method: 'POST',
    headers: { origin: 'http://evil.example' },
  })
  expect(response.status).toBe(403)
})

test('without a session there is no dashboard and no API; open starts a session', async () => {
  const { dashboard } = sandbox.urls
  for (const path of ['/', '/api/sandbox', '/api/openapi.json'])
    expect((await fetch(dashboard + path)).status).toBe(401)
  const { url } = JSON.parse((await cli.run(['open', '--json'])).stdout) as { readonly url: string }
  const opened = await fetch(url, { redirect: 'manual' })
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await fetch(`${dashboard}/api/sandbox`, { headers: { cookie } })).status).toBe(200)
})

test('the data plane creates no foreign listener without its secret', async () => {
  const path = join(cli.home, '.unhappy', 'sandboxes', `${sandbox.slot}.json`)
  const { linksSecret = '' } = JSON.parse(await readFile(path, 'utf8')) as SandboxFile
  const body = JSON.stringify({ name: 'mine', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' })
  const post = async (headers: Record<string, string>) =>
    (await fetch(`${sandbox.urls.proxy}/proxies`, { method: 'POST', body, headers })).status
  expect(await post({})).toBe(403)
  const authorization = `Bearer ${linksSecret}`
  expect(await post({ authorization })).toBe(201)
  await fetch(`${sandbox.urls.proxy}/proxies/mine`, { method: 'DELETE' })
})

test('only its owner can read the file with the token', async () => {
  const { stat } = await import('node:fs/promises')
  const { mode } = await stat(join(cli.home, '.unhappy', 'sandboxes', `${sandbox.slot}.json`))
  expect(mode & 0o777).toBe(0o600)
})

test('a scenario that holds exits with 0 and writes its run folder', async () => {
  const path = join(cli.home, 'holds.yaml')
  await writeFile(
    path,
    [
      'title: A slow client link',
      'workload: { browse: 20/s, duration: 1s }',
      'steadyState: 1s',
      'method:',
      '  - { at: 100ms, inject: { latency: { link: client:api-1, latencyMs: 20 } }, for: 500ms }',
      'expect: [{ availability: { of: browse, atLeast: 0.9 } }]',
    ].join('\n'),
  )
  const { status, stdout, stderr } = await cli.run(['run', path, '--json'])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'done',
    outcome: 'held',
    files: expect.arrayContaining(['verdict.json', 'journal.jsonl', 'history.jsonl']) as string[],
  })
})

test('down leaves no process, no file and no open port', async () => {
  const { instances, urls } = JSON.parse((await cli.run(['status', '--json'])).stdout).at(
    0,
  ) as SandboxView
  expect((await cli.run(['down'])).status).toBe(0)
  const alive = instances.filter(({ pid }) => {
    try {
      return pid !== undefined && process.kill(pid, 0)
    } catch {
      return false
    }
  })
  expect(alive).toEqual([])
  for (const url of [urls.dashboard, urls.proxy, ...urls.shop])
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  expect(await cli.run(['status'])).toMatchObject({ status: 2 })
})
