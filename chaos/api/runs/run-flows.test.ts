import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import type { FlowComparison } from '#chaos/contracts/flow-record.ts'
import {
  eventAt,
  factsOf,
  operationOf,
  recordedRun,
  regularOrder,
} from '#chaos/flows/testing/recorded-order.ts'
import { FakePlane } from '#chaos/proxy/traps/testing/fake-plane.ts'

import { createRunArchive } from './run-archive.ts'
import { createRunFlows } from './run-flows.ts'

const id = '20300101-000000-lab-abcd'
const [regular, key] = ['o-s-000001', 'o-f-000002']
const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

const events = [
  eventAt(-200, { type: 'phase', phase: 'prepare', what: 'began' }),
  eventAt(0, { type: 'phase', phase: 'steady-state', what: 'began', zeroMs: 1_000 }),
  eventAt(2_000, { type: 'phase', phase: 'prepare', what: 'began' }),
]

function filesOf(suffix: string, fromMs: number): Record<string, string> {
  const { recording } = recordedRun({
    messages: [...regularOrder(regular, fromMs), ...regularOrder(key, fromMs + 100)],
  })
  const operations = [
    operationOf(regular, { startMs: fromMs, endMs: fromMs + 10 }),
    operationOf(key, { startMs: fromMs + 100, endMs: fromMs + 110 }),
  ]
  return {
    [`exchanges${suffix}.jsonl`]: jsonLines([recording.head, ...recording.messages]),
    [`history${suffix}.jsonl`]: jsonLines(operations),
    [`flows${suffix}.jsonl`]: jsonLines([factsOf(regular), factsOf(key)]),
  }
}

const verdict = (name: string) =>
  JSON.stringify({
    checks: [{ name, outcome: 'violated', offenders: [{ id: `${key}.x1` }], offendersTotal: 1 }],
  })

const test = base.extend('run', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-flows-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  const archive = createRunArchive(folder)
  const flows = createRunFlows(archive, { topology: recordedRun({ messages: [] }).topology })
  const write = async (files: Readonly<Record<string, string | Buffer>>): Promise<void> => {
    await mkdir(join(folder, id), { recursive: true })
    const record = {
      id,
      title: 'A run',
      seed: 1,
      startedAt: '',
      state: 'done',
      folder: '',
      checks: [],
    }
    const all = { 'run.json': JSON.stringify(record), 'journal.jsonl': jsonLines(events), ...files }
    for (const [name, text] of Object.entries(all)) await writeFile(join(folder, id, name), text)
  }
  return { flows, write }
})

test('a run lists its flows and compares one with a regular one', async ({ run }) => {
  await run.write({ ...filesOf('', 10), 'verdict.json': verdict('no-lost-orders') })
  const { flows } = await run.flows.list(id)
  expect(flows.map((flow) => [flow.id, flow.isFailing])).toEqual([
    [regular, false],
    [key, true],
  ])
  const view = (await run.flows.get(id, `${key}.x1`)) as FlowComparison
  expect([view.flow.id, view.faultFree.id, view.missing]).toEqual([key, regular, []])
  expect(view.flow.messages[0]?.sentMs).toBe(110)
})

test('flows of the variants are those of a run whose variants were violated, or those asked for', async ({
  run,
}) => {
  const files = { ...filesOf('', 10), ...filesOf('-variants', 2_100) }
  await run.write({ ...files, 'verdict.json': verdict('no-lost-orders') })
  expect((await run.flows.list(id)).flows[0]?.atMs).toBe(10)
  expect((await run.flows.list(id, 'variants')).flows[0]?.atMs).toBe(2_100)
  await run.write({ 'verdict.json': verdict('variants') })
  expect((await run.flows.list(id)).flows[0]?.atMs).toBe(2_100)
  expect((await run.flows.list(id, 'scenario')).flows[0]?.atMs).toBe(10)
})

/** What passed on a link: one order of each key, as a run stores it. */
function trafficOf(...keys: string[]): Buffer {
  const link = 'client:web-1'
  const plane = new FakePlane({ [link]: 'http' })
  const limits = { expiresInMs: 60_000, messagesMax: 100, bytesMax: 100_000 }
  const recording = plane.inspection.record(limits)
  for (const one of keys) {
    const connection = plane.connect(link)
    connection.ask(`POST /orders HTTP/1.1\r\nIdempotency-Key: ${one}\r\ncontent-length: 0\r\n\r\n`)
    plane.pass(10)
    connection.answer('HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n')
  }
  const { blocks, missed } = plane.inspection.recordedTraffic(recording)
  const records = Buffer.concat(blocks)
  const head = { type: 'traffic', v: 1, linksMs: 1_000, journalMs: 1_000, missed }
  const line = `${JSON.stringify({ ...head, bytes: records.length })}\n`
  return Buffer.concat([Buffer.from(line), records])
}

test('the messages of a flow are found in the traffic of its run when it is opened', async ({
  run,
}) => {
  const { 'exchanges.jsonl': _, ...files } = filesOf('', 10)
  await run.write({ ...files, 'traffic.bin': trafficOf(regular, key) })
  expect((await run.flows.list(id)).flows.map((flow) => flow.id)).toEqual([regular, key])
  const view = (await run.flows.get(id, key)) as FlowComparison
  expect([view.flow.id, view.faultFree.id]).toEqual([key, regular])
  expect(view.flow.messages.map(({ text, sentMs }) => [text, sentMs])).toEqual([
    ['POST /orders', 10],
    ['201', 20],
  ])
})

test('traffic that is not whole is not a recording', async ({ run }) => {
  const { 'exchanges.jsonl': _, ...files } = filesOf('', 10)
  await run.write({ ...files, 'traffic.bin': trafficOf(regular, key).subarray(0, -1) })
  await expect(run.flows.get(id, key)).rejects.toMatchObject({ status: 409 })
})

test('an unknown run, an unknown flow and a run without a recording are errors with a remedy', async ({
  run,
}) => {
  await expect(run.flows.list('20300101-no-such-run')).rejects.toMatchObject({ status: 404 })
  await run.write({})
  await expect(run.flows.list(id)).rejects.toMatchObject({
    status: 409,
    remedy: expect.stringContaining('again'),
  })
  await run.write(filesOf('', 10))
  await expect(run.flows.get(id, 'o-f-000009')).rejects.toMatchObject({
    status: 404,
    remedy: expect.stringContaining(key),
  })
})
