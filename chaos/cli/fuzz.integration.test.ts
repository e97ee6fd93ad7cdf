import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { serveFakeController } from '#chaos/api/testing/serve-fake-controller.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { runProxy } from '#chaos/proxy/run-proxy.ts'
import { startService } from '#services/test/start-service.ts'

import { controllerTarget, linksApiTarget } from './testing/fuzz/controller-links-target.ts'
import { fileTargets } from './testing/fuzz/file-targets.ts'
import { postgresBytes, redisBytes } from './testing/fuzz/postgres-redis-bytes.ts'
import { runFuzz } from './testing/fuzz/run-fuzz.ts'
import { bytesTarget, serviceTarget } from './testing/fuzz/service-target.ts'

const seed = 20_261_129
const inputs = 1_500

test(`${inputs} malformed inputs cause no crash, no 5xx and no error of the program`, async () => {
  const { folder } = homeAt(await mkdtemp(join(projectRoot, '.unhappy', 'fuzz-')))
  await using resources = new AsyncDisposableStack()
  resources.defer(async () => rm(folder, { recursive: true, force: true }))
  const { file, controller } = resources.use(await serveFakeController(folder, 'token'))
  const echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  resources.defer(() => void echo.close())
  const upstream = `127.0.0.1:${(echo.address() as AddressInfo).port}`
  const proxy = resources.use(await runProxy({ port: 0, seed }))
  const links = ['http', 'postgres', 'redis'] as const
  for (const protocol of links)
    await fetch(`${proxy.url}/proxies`, {
      method: 'POST',
      body: JSON.stringify({ name: protocol, protocol, listen: '127.0.0.1:0', upstream }),
    })
  await fetch(`${proxy.url}/proxies`, {
    method: 'POST',
    body: JSON.stringify({
      name: 'api-2:payments',
      protocol: 'http',
      listen: '127.0.0.1:0',
      upstream,
    }),
  })
  // With a tap, the data plane parses every message.
  await fetch(`${proxy.url}/taps`, {
    method: 'POST',
    body: JSON.stringify({ links: [...links], expiresInMs: 600_000 }),
  })
  const portOf = (link: string): number => Number(proxy.plane.link(link).listen.split(':').at(-1))
  await using payments = await startService('payments', { SERVICE_MS: '0' })
  const files = resources.use(await fileTargets(folder))
  const document: unknown = await (
    await fetch(`${file.url}/api/openapi.json`, { headers: { authorization: 'Bearer token' } })
  ).json()
  const {
    findings,
    inputs: done,
    outcomes,
  } = await runFuzz(
    [
      controllerTarget({
        port: Number(new URL(file.url).port),
        token: 'token',
        document,
        seed,
        share: 8,
      }),
      linksApiTarget({ port: Number(new URL(proxy.url).port), seed, share: 8 }),
      bytesTarget({
        name: 'link of Postgres',
        share: 2,
        port: portOf('postgres'),
        bytes: postgresBytes,
      }),
      bytesTarget({ name: 'link of Redis', share: 2, port: portOf('redis'), bytes: redisBytes }),
      serviceTarget({
        name: 'payments',
        service: 'payments',
        port: Number(new URL(payments.url).port),
        seed,
        share: 4,
      }),
      ...files.targets,
    ],
    { seed, inputs, atOnce: 16 },
  )
  expect(findings).toEqual([])
  expect(done).toBeGreaterThan(0.98 * inputs)
  expect(outcomes['controller']?.['400']).toBeGreaterThan(20)
  expect(controller.calls).not.toContain('shutDown')
  const left = (await (await fetch(`${proxy.url}/proxies`)).json()) as object
  expect(Object.keys(left)).toEqual(expect.arrayContaining([...links]))
  expect(await readdir(folder)).toContain('.unhappy')
})
