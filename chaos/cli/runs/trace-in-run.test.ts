import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test as base } from 'vitest'

import type { FlowComparison } from '#chaos/contracts/flow-record.ts'
import {
  eventAt,
  exchanged,
  factsOf,
  operationOf,
  recordedRun,
  regularOrder,
} from '#chaos/flows/testing/recorded-order.ts'

// Loaded here, so loading takes no test's time.
import '../commands/trace-order.ts'
import { runInProcess } from '../testing/in-process.ts'

const id = '20300101-000000-lab-abcd'
const [regular, key] = ['o-s-000001', 'o-f-000002']
const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

const { recording } = recordedRun({
  messages: [
    ...regularOrder(regular, 10),
    ...exchanged({ link: 'client:api-1', key, signature: 'POST /orders', sentMs: 100 }),
  ],
})
const files = {
  'journal.jsonl': jsonLines([
    eventAt(0, { type: 'phase', phase: 'steady-state', what: 'began', zeroMs: 1_000 }),
  ]),
  'exchanges.jsonl': jsonLines([recording.head, ...recording.messages]),
  'history.jsonl': jsonLines([
    operationOf(regular, { startMs: 10, endMs: 20 }),
    operationOf(key, { startMs: 100, endMs: 110 }),
  ]),
  'flows.jsonl': jsonLines([factsOf(regular), factsOf(key)]),
  'verdict.json': JSON.stringify({
    checks: [{ name: 'c', outcome: 'violated', offenders: [{ id: key }] }],
  }),
}

const test = base.extend('home', async ({}, { onCleanup }) => {
  const home = await mkdtemp(join(tmpdir(), 'unhappy-trace-'))
  onCleanup(async () => rm(home, { recursive: true }))
  const folder = join(home, 'runs', id)
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await symlink(id, join(home, 'runs', 'latest'))
  return home
})

const trace = async (home: string, ...args: string[]) =>
  await runInProcess(['trace-order', ...args], { home })

test('prints an order of a past run without a sandbox, in columns and in words', async ({
  home,
}) => {
  const { status, stdout } = await trace(home, key, '--run', 'latest')
  expect(status).toBe(0)
  expect(stdout).toMatch(/client +api-1/)
  expect(stdout).toMatch(/0\.100 s ! .*client → api-1: POST \/orders; it never arrives/)
  expect(stdout).toContain(`order ${regular}`)
})

test('without a key it shows the order that a violated check names, and --json is the data', async ({
  home,
}) => {
  const { stdout } = await trace(home, '--run', id, '--json')
  const view = JSON.parse(stdout) as FlowComparison
  expect([view.flow.id, view.faultFree.id]).toEqual([key, regular])
})

test('--svg also writes the diagram', async ({ home }) => {
  const svg = join(home, 'order.svg')
  await trace(home, key, '--run', id, '--svg', svg)
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg[^]*POST \/orders/)
})

test('an unknown run, order or part, and a run without a recording, get status 3 and a remedy', async ({
  home,
}) => {
  const refused = async (...args: string[]) => {
    const { status, stderr } = await trace(home, ...args)
    expect(status).toBe(3)
    return stderr
  }
  expect(await refused(key, '--run', 'nothing')).toContain('no run "nothing"')
  expect(await refused(key, '--run', '../runs')).toContain('no run')
  expect(await refused('o-f-000003', '--run', id)).toContain(key)
  expect(await refused(key, '--run', id, '--part', 'variant')).toContain('Did you mean "variants"')
  await rm(join(home, 'runs', id, 'exchanges.jsonl'))
  expect(await refused(key, '--run', id)).toContain('no recording')
})
