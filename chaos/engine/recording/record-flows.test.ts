import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import type { Scenario } from '#chaos/contracts/scenario.ts'
import { parseJsonLines } from '#chaos/lib/json-lines.ts'
import { paidOrder, testEvidence } from '#chaos/shop/testing/test-evidence.ts'

import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { recordFlows } from './record-flows.ts'

const scenario = {
  steadyStateMs: 1_000,
  recoveryMs: 1_000,
  workload: { durationMs: 1_000 },
} as Scenario
async function folderOfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'record-flows-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test('a run keeps what passed on the links as it is, the two clocks, and what the sources of truth say', async () => {
  const { sandbox, links } = await createFakeSandbox()
  await using _sandbox = sandbox
  const folder = await folderOfTest()
  {
    await using flows = await recordFlows(sandbox, { folder, scenario })
    links.traffic.push(Buffer.from('some '), Buffer.from('records'))
    flows.keepFacts(testEvidence([paidOrder(1)]))
  }
  const text = await readFile(join(folder, 'traffic.bin'), 'utf8')
  const [head = '', records] = text.split('\n')
  expect(JSON.parse(head)).toEqual({
    type: 'traffic',
    v: 1,
    linksMs: 0,
    journalMs: expect.any(Number),
    bytes: 12,
    missed: 0,
  })
  expect(records).toBe('some records')
  expect(parseJsonLines(await readFile(join(folder, 'flows.jsonl'), 'utf8'))).toMatchObject([
    { id: 'o-7f-000001', result: 'paid', isRegular: true },
  ])
})

test('a recording that fails leaves a note and no file', async () => {
  const { sandbox, links } = await createFakeSandbox()
  await using _sandbox = sandbox
  const folder = await folderOfTest()
  const broken = { ...links, record: () => Promise.reject(new Error('no such request')) }
  await using flows = await recordFlows({ ...sandbox, links: broken }, { folder, scenario })
  await flows[Symbol.asyncDispose]()
  expect(await readdir(folder)).toEqual([])
  const notes = sandbox.journal.since(0).filter(({ type }) => type === 'note')
  expect(notes).toMatchObject([{ level: 'warning', text: expect.stringContaining('no such') }])
})

test('a data plane that is gone at the end leaves a note, and the run ends as usual', async () => {
  const { sandbox, links } = await createFakeSandbox()
  await using _sandbox = sandbox
  const folder = await folderOfTest()
  const gone = () => Promise.reject(new Error('received no response'))
  let isGone = false
  const record: typeof links.record = async (limits) => {
    const recording = await links.record(limits)
    return {
      ...recording,
      traffic: () => (isGone ? gone() : recording.traffic()),
      [Symbol.asyncDispose]: gone,
    }
  }
  {
    const breaking = { ...sandbox, links: { ...links, record } }
    await using flows = await recordFlows(breaking, { folder, scenario })
    flows.keepFacts(testEvidence([paidOrder(1)]))
    isGone = true
  }
  expect(await readdir(folder)).toEqual(['flows.jsonl'])
  const notes = sandbox.journal.since(0).filter(({ type }) => type === 'note')
  expect(notes).toMatchObject([{ text: expect.stringContaining('received no response') }])
})
