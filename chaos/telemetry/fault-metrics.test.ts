import { expect, test } from 'vitest'

import type { ActiveFault } from '#chaos/contracts/fault.ts'

import { createFaultMetrics } from './fault-metrics.ts'
import { serveMetrics } from './serve-metrics.ts'

const stamp = { seq: 1, at: '2026-01-02T03:04:05.000Z', ms: 0 }
const fault: ActiveFault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:postgres', 'api-2:postgres'],
  params: {},
  mechanism: 'toxic',
  by: 'user',
  since: '',
  until: '',
  leaseMs: 60_000,
}
const activeOf = (text: string) =>
  text.split('\n').filter((line) => line.startsWith('unhappy_fault_active{'))

test('a fault is active on each of its targets until it has healed', async () => {
  const metrics = createFaultMetrics()
  metrics.read({ ...stamp, type: 'fault', what: 'injected', fault })
  expect(activeOf(await metrics.text())).toEqual([
    'unhappy_fault_active{fault="latency",target="api-1:postgres"} 1',
    'unhappy_fault_active{fault="latency",target="api-2:postgres"} 1',
  ])
  metrics.read({ ...stamp, type: 'fault', what: 'healed', fault })
  await metrics.text()
  const text = await metrics.text()
  expect(activeOf(text)).toEqual([])
  expect(text).toContain('unhappy_faults_injected_total{fault="latency"} 1')
})

test('a fault between two reads is active in the next one', async () => {
  const metrics = createFaultMetrics()
  for (const what of ['injected', 'healed'] as const)
    metrics.read({ ...stamp, type: 'fault', what, fault })
  expect(activeOf(await metrics.text())).toHaveLength(2)
  expect(activeOf(await metrics.text())).toEqual([])
})

test('the port serves the metrics and nothing else', async () => {
  await using server = await serveMetrics(createFaultMetrics(), { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${server.port}`
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    '# TYPE unhappy_fault_active gauge',
  )
  expect((await fetch(`${url}/api/sandbox`)).status).toBe(404)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404)
})
