import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { controllerApi } from '../testing/controller-api.ts'
import { describeWithDocker } from '../testing/describe-with-docker.ts'
import { dial } from '../testing/dial.ts'
import { listPacketRules, listSidecars } from '../testing/list-parts.ts'
import { useComposeSandbox } from '../testing/use-compose-sandbox.ts'

const leaseMs = 60_000

describeWithDocker('with docker-compose.hardened.yml', () => {
  const sandbox = useComposeSandbox({ overlays: ['docker-compose.hardened.yml'] })
  const stranger = `unhappy-test-stranger-${randomUUID().slice(0, 8)}`
  beforeAll(async () => {
    await sandbox().docker('run', '--detach', '--name', stranger, 'redis:8')
  })
  afterAll(async () => {
    await sandbox().docker('rm', '--force', '--volumes', stranger)
  })

  /** The status of the engine's response, as the controller receives it. */
  const engine = async (method: string, path: string, body?: object): Promise<number> => {
    const program = `
      const [method, path, body] = process.argv.slice(1)
      const headers = { 'content-type': 'application/json' }
      fetch('http://guard:2375' + path, { method, headers, ...(body ? { body } : {}) })
        .then(async (response) => console.log(response.status))`
    const words = ['node', '-e', program, method, path, body ? JSON.stringify(body) : '']
    return Number(await sandbox().compose('exec', '-T', 'chaos', ...words))
  }

  test('the controller has no socket', async () => {
    const words = ['exec', '-T', 'chaos', 'test', '-S', '/var/run/docker.sock']
    await expect(sandbox().compose(...words)).rejects.toMatchObject({ code: 1 })
  })

  test('faults work and heal', async () => {
    const api = await controllerApi(sandbox())
    const faults = [
      { kind: 'partition', target: 'api-1:postgres', leaseMs },
      { kind: 'pause', target: 'worker-1', leaseMs },
      { kind: 'crash', target: 'worker-2', leaseMs },
      { kind: 'cpu-limit', target: 'api-2', params: { cores: 0.5 }, leaseMs },
      { kind: 'disk-full', target: 'redis', params: { leaveBytes: 1_000_000 }, leaseMs },
    ]
    for (const fault of faults) await api.inject(fault)
    expect(await dial(sandbox(), 'api-1', 'links:20030', 500)).toMatchObject({ outcome: 'timeout' })
    expect(await listSidecars(sandbox())).toHaveLength(4)
    await api.healAll()
    expect(await api.sandbox()).toMatchObject({ ready: true, faults: [] })
    expect(await listPacketRules(sandbox(), 'api-1')).not.toMatch(/DROP/)
    expect(await listSidecars(sandbox())).toEqual([])
  })

  test('a pause ends with its lease after the controller was killed', async () => {
    const api = await controllerApi(sandbox())
    await api.inject({ kind: 'pause', target: 'worker-1', leaseMs: 2_000 })
    await sandbox().compose('kill', '--signal', 'SIGKILL', 'chaos')
    await expect
      .poll(async () => await sandbox().compose('ps', '--status', 'paused', '--quiet'), {
        timeout: 8_000,
      })
      .toBe('')
    await sandbox().compose('restart', 'chaos')
    await expect
      .poll(async () => (await (await controllerApi(sandbox())).sandbox()).ready, {
        timeout: 30_000,
      })
      .toBe(true)
  })

  test('the guard refuses every other request', async () => {
    expect(await engine('GET', '/_ping')).toBe(200)
    expect(await engine('POST', `/containers/${stranger}/kill`)).toBe(403)
    expect(await engine('GET', `/containers/${stranger}/stats?stream=false`)).toBe(403)
    expect(await engine('GET', '/containers/json')).toBe(403)
    expect(await engine('GET', '/v1.41/images/json')).toBe(403)
    const root = { Image: 'redis:8', HostConfig: { Privileged: true, Binds: ['/:/host'] } }
    expect(await engine('POST', '/containers/create', root)).toBe(403)
    const state = await sandbox().docker('inspect', '--format', '{{.State.Status}}', stranger)
    expect(state.trim()).toBe('running')
  })

  test('a service of the shop cannot reach the guard', async () => {
    const dialled = await dial(sandbox(), 'api-1', 'guard:2375', 1_000)
    expect(dialled.outcome).not.toBe('connected')
  })
})
