import { expect, test } from 'vitest'

import { viewSystem } from '#chaos/api/sandbox/system-view.ts'
import { partialCountersSchema, sandboxViewSchema } from '#chaos/api/schemas/sandbox.ts'
import { truthOf, workloadOf } from '#chaos/contracts/system.ts'
import { prepare } from '#chaos/engine/run/prepare.ts'
import { supervisorIdle } from '#chaos/engine/scenario/defaults.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { setUpOnly } from '#chaos/engine/scenario/set-up-only.ts'
import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { system as known } from '#chaos/system.ts'
import { flowNamed } from '#chaos/xray/flow-named.ts'

import { systemOfParts } from './system-of-parts.ts'

const { topology } = known
const system = systemOfParts({ name: 'guestbook', topology })

test('it is valid without operations, checks, truth and seams', async () => {
  expect(truthOf(system)).toMatchObject({ sources: [], counters: [], inFlight: [] })
  const view = viewSystem(system)
  expect(view).toMatchObject({ name: 'guestbook', operations: [] })
  expect(view.page.figures).toEqual([])
  expect(JSON.stringify([sandboxViewSchema(system), partialCountersSchema(system)])).toContain(
    'lastSeq',
  )
})

test('what needs a flow or a check says so', () => {
  expect(() => workloadOf(system)).toThrow(/requests of guestbook.*no traffic and no scenarios/)
  expect(() => parseScenario('title: x', { file: 'x.yaml', system })).toThrow(/no scenarios/)
  expect(() => flowNamed(system, 'place-order')).toThrow(/flows of guestbook/)
  expect(() => findLab([], 'dual-write')).toThrow(/needs the shop/)
})

test('preparing it heals faults, and neither restarts it nor deletes its data', async () => {
  const deleted: string[] = []
  const { sandbox, runtime } = await createFakeSandbox(
    {},
    { system, prepareDatabase: async () => void deleted.push('postgres') },
  )
  await using _ = sandbox
  await sandbox.faults.inject({
    kind: 'latency',
    target: 'worker-1:postgres',
    params: { latencyMs: 5 },
    by: 'user',
  })
  const before = runtime.calls.length
  await prepare(sandbox, {
    id: 'restored',
    scenario: setUpOnly('no change', {
      off: [],
      environment: {},
      stock: {},
      supervisor: supervisorIdle,
    }),
    seed: 1,
    folder: '',
    signal: new AbortController().signal,
  })
  expect(sandbox.faults.list()).toEqual([])
  expect(deleted).toEqual([])
  expect(runtime.calls.slice(before)).toEqual([])
})
