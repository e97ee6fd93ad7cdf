import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { call } from '#services/test/call.ts'
import { runToItsEnd, startService } from '#services/test/start-service.ts'

const nowhere = {
  DATABASE_URL: 'postgres://shop@127.0.0.1:1/shop',
  REDIS_URL: 'redis://127.0.0.1:1',
  PAYMENTS_URL: 'http://127.0.0.1:1',
}

test.for([
  ['api', { ...nowhere, DATABASE_URL: '' }, 'api: DATABASE_URL is not set, and it has no default.'],
  ['api', { ...nowhere, REDIS_URL: 'http://x' }, 'REDIS_URL must be a URL that begins with redis'],
  ['worker', { ...nowhere, NETS_OFF: 'reconcilr' }, '"reconcilr"'],
  ['worker', { ...nowhere, EXPECTED_SEAMS: 'reconcile' }, 'there is no reconcile.ts'],
  ['payments', { CAPACITY: 'much' }, 'CAPACITY must be a whole number'],
] as const)(
  '%s does not start with a wrong setting: %o',
  async ([service, environment, message]) => {
    const { output, code } = await runToItsEnd(service, environment)
    expect(output).toContain(message)
    expect(output.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(78)
  },
)

test.for([
  ['process.exit(5)', 'liveness.ts ended the process with exit status 5 while it was loaded.'],
  ['await new Promise(() => {})', 'liveness.ts never ends loading: a top-level await'],
] as const)('a seam file that ends the start is named: %s', async ([text, message]) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'exercise-'))
  try {
    await writeFile(
      path.join(folder, 'liveness.ts'),
      `${text}\nexport const liveness = async () => true\n`,
    )
    const { output, code } = await runToItsEnd('api', { ...nowhere, EXERCISE_DIR: folder })
    expect(output).toContain(message)
    expect(code).toBe(78)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a port in use has its own error', async () => {
  await using payments = await startService('payments', {})
  const { code, output } = await runToItsEnd('payments', { PORT: new URL(payments.url).port })
  expect(code).toBe(1)
  expect(output).toContain('EADDRINUSE')
})

test('every instance reports its seams', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'exercise-'))
  try {
    await writeFile(path.join(folder, 'liveness.ts'), 'export const liveness = async () => false')
    const exercise = { EXERCISE_DIR: folder, EXPECTED_SEAMS: 'liveness' }
    await using api = await startService('api', { ...nowhere, ...exercise, INSTANCE: 'api-2' })
    await using payments = await startService('payments', exercise)
    const report = (await call(`${api.url}/seams`)).body
    expect(report['instance']).toBe('api-2')
    expect(report['seams']).toContainEqual({
      seam: 'liveness',
      source: 'exercise',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect((await call(`${api.url}/health/live`)).status).toBe(503)
    expect((await call(`${payments.url}/seams`)).body).toEqual({ instance: 'payments', seams: [] })
    const metrics = await fetch(`${api.url}/metrics`)
    expect(await metrics.text()).toContain('database_connections')
  } finally {
    await rm(folder, { recursive: true })
  }
})
