import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { runScenario } from '#chaos/engine/run.ts'
import { createSandbox } from '#chaos/engine/sandbox.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { buildComparison } from '#chaos/flows/build-comparison.ts'
import { listFlows } from '#chaos/flows/find-flow.ts'
import { readRecordedRun } from '#chaos/flows/read-recorded-run.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { startLocalRuntime } from '#chaos/runtime/local/index.ts'

import { diary as system } from './diary.ts'

const resources = new AsyncDisposableStack()
let sandbox: Sandbox

beforeAll(async () => {
  const runtime = resources.use(await startLocalRuntime({ system, projectRoot }))
  const links = createLinkControl(runtime.addresses.proxyUrl)
  sandbox = resources.use(await createSandbox({ system, runtime, links }))
})
afterAll(async () => await resources.disposeAsync())

const by = 'scenario'

async function write(key: string): Promise<number> {
  const url = `${sandbox.runtime.addresses.clientUrl('diary')}/entries`
  const headers = { 'idempotency-key': key }
  const body = JSON.stringify({ text: key })
  return (await fetch(url, { method: 'POST', headers, body })).status
}

test('only its own parts start, and its database, user and password have its name', async () => {
  const { addresses } = sandbox.runtime
  const status = await sandbox.runtime.status()
  expect(status.map(({ name, state, seams }) => [name, state, seams])).toEqual([
    ['links', 'ready', undefined],
    ['postgres', 'ready', undefined],
    ['diary', 'ready', undefined],
  ])
  const { username, password, pathname } = new URL(addresses.serviceDatabaseUrl)
  expect([username, password, pathname]).toEqual(['diary', 'diary', '/diary'])
  expect(() => addresses.redisUrl).toThrow(InputError)
})

test('an entry whose process dies between COMMIT and its reply exists, and a retry adds no second one', async () => {
  const { links, runtime, truth } = sandbox
  await links.armTrap({
    id: 'commit',
    links: ['diary:postgres'],
    exchange: 'COMMIT',
    nth: 1,
    phase: 'after',
    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word
    then: { do: 'hold', dying: 'caller' },
    expiresInMs: 30_000,
  })
  const reply = write('o-t-1').catch((error: unknown) => error)
  await expect.poll(() => links.listTraps()).toMatchObject([{ state: 'held' }])
  await runtime.kill('diary', { by })
  await links.releaseHeld('commit', 'cut')
  expect(await reply).toBeInstanceOf(Error)
  await links.disarmTrap('commit')
  expect(await truth.read()).toEqual(['o-t-1'])
  await runtime.start('diary', { by })
  expect(await write('o-t-1')).toBe(201)
  expect(await truth.read()).toEqual(['o-t-1'])
})

test('a scenario with latency, and a crash at COMMIT, holds for the general checks and its own', async () => {
  const text = `
title: The process dies between COMMIT and its reply, Postgres is slow
workload: { write: 20/s, count: 10/s, duration: 3s, client: { retries: 4 } }
steadyState: 1s
method:
  - at: 200ms
    inject: { latency: { link: diary:postgres, latencyMs: 30 } }
    for: 1s
  - when: { link: diary:postgres, exchange: COMMIT, nth: 20, phase: after }
    inject: { crash: { instance: caller, downFor: 200ms } }
expect:
  - no-lost-entries
  - availability: { of: write, atLeast: 0.5 }
  - recovers-within: { withinMs: 10000 }
`
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-run-'))
  resources.defer(async () => await rm(folder, { recursive: true }))
  const run = join(folder, 'run')
  await mkdir(run)
  const { verdict } = await runScenario(sandbox, {
    id: 'run',
    folder: run,
    scenario: parseScenario(text, { file: 'scenario.yaml', system }),
    seed: 7,
    signal: new AbortController().signal,
  })
  expect(verdict).toMatchObject({ outcome: 'held', reasons: [] })
  expect(verdict.checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['no-lost-entries', 'held'],
    ['availability', 'held'],
    ['recovers-within', 'held'],
  ])
  const keys = (await sandbox.truth.read()) as readonly string[]
  expect(keys.length).toBeGreaterThanOrEqual(60)
  // The run began with an empty database.
  expect(keys).not.toContain('o-t-1')

  const recorded = await readRecordedRun({ folder: run, system })
  const [trap] = recorded.events.flatMap((event) =>
    event.type === 'trap' && event.what === 'sprung' ? [event] : [],
  )
  const flows = listFlows(recorded).flows.map(({ id }) => buildComparison(recorded, id))
  const hit = flows
    .map((view) => ('flow' in view ? view.flow : view))
    .filter(({ messages }) => messages.some(({ fault }) => fault?.includes(trap?.id ?? '?')))
  expect(hit).toHaveLength(1)
  const [flow] = hit
  if (flow === undefined) throw new Error('no flow')
  const { lanes, messages, gaps, attempts, isComplete } = flow
  expect(lanes.map(({ name }) => name)).toEqual(['client', 'diary', 'postgres'])
  const lost = messages.filter(({ arrivedMs, part }) => arrivedMs === undefined && part === 'reply')
  expect(lost).toMatchObject([{ from: 'postgres', to: 'diary', text: 'COMMIT' }])
  const [down] = gaps.filter(({ what }) => what === 'down')
  expect(down).toMatchObject({ lane: 'diary', isPlanned: false })
  expect(down?.fromMs).toBeGreaterThanOrEqual((lost[0]?.sentMs ?? 0) - 1)
  expect(attempts.length).toBeGreaterThanOrEqual(2)
  expect(isComplete).toBe(true)
  // Two processes with one clock: no message is sent before its attempt, and none arrives before it was sent.
  const [request] = messages
  expect(request?.sentMs).toBeGreaterThanOrEqual((attempts[0]?.startMs ?? 0) - 1)
  for (const { sentMs, arrivedMs } of messages)
    expect(arrivedMs ?? sentMs).toBeGreaterThanOrEqual(sentMs)
  // The heal releases at once what was sent shortly before it.
  const held = flows.flatMap((view) => {
    const record = 'flow' in view ? view.flow : view
    const healedMs = record.faults.find(({ label }) => label.includes('latency'))?.toMs ?? 0
    return record.messages.filter(
      ({ fault, sentMs }) => fault?.includes('latency 30 ms') === true && sentMs < healedMs - 100,
    )
  })
  expect(held.length).toBeGreaterThan(0)
  const heldMs = held.flatMap(({ sentMs, arrivedMs = Number.NaN }) => arrivedMs - sentMs)
  expect(Math.min(...heldMs.filter((ms) => !Number.isNaN(ms)))).toBeGreaterThanOrEqual(29)
})
