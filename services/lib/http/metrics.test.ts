import perfHooks from 'node:perf_hooks'

import Fastify from 'fastify'
import { expect, test, vi } from 'vitest'

import { createMetrics } from './metrics.ts'

test('prom-client does not wake the process to measure the event loop', async () => {
  const monitoring = vi.spyOn(perfHooks, 'monitorEventLoopDelay')
  const app = Fastify()
  try {
    createMetrics(app)
    expect(monitoring).toHaveBeenCalledOnce()
    expect(monitoring.mock.calls[0]?.[0]?.resolution).toBeGreaterThan(3_600_000)
  } finally {
    monitoring.mockRestore()
    await app.close()
  }
})

test('the metrics have the names of prom-client', async () => {
  const app = Fastify()
  createMetrics(app)
  const { body } = await app.inject('/metrics')
  const names = [...body.matchAll(/^(nodejs_eventloop_lag\w*) /gm)].map(([, name]) => name)
  expect(new Set(names)).toEqual(
    new Set([
      'nodejs_eventloop_lag_max_seconds',
      'nodejs_eventloop_lag_mean_seconds',
      'nodejs_eventloop_lag_min_seconds',
      'nodejs_eventloop_lag_p50_seconds',
      'nodejs_eventloop_lag_p90_seconds',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_lag_seconds',
      'nodejs_eventloop_lag_stddev_seconds',
    ]),
  )
  // The measurement begins with the first read.
  expect(body).toContain('\nnodejs_eventloop_lag_p99_seconds Nan\n')
  await app.close()
})
