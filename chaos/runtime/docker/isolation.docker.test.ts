import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import type { Runtime } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { connectEngine } from './engine/connect-engine.ts'
import { openProject } from './project.ts'
import { startComposeSandbox } from './testing/compose-sandbox.ts'
import { describeWithDocker } from './testing/describe-with-docker.ts'
import { useComposeSandbox } from './testing/use-compose-sandbox.ts'

const by = 'scenario'

describeWithDocker('containers of another project', () => {
  const sandbox = useComposeSandbox({ withoutController: true })
  const stranger = `unhappy-test-stranger-${randomUUID().slice(0, 8)}`
  let runtime: Runtime
  beforeAll(async () => {
    runtime = await sandbox().connect()
    const labels = [
      'com.docker.compose.project=another-project',
      'com.docker.compose.service=api-1',
    ].flatMap((label) => ['--label', label])
    await sandbox().docker('run', '--detach', '--name', stranger, ...labels, 'redis:8')
  })
  afterAll(async () => {
    await sandbox().docker('rm', '--force', '--volumes', stranger)
    await runtime[Symbol.asyncDispose]()
  })

  const runs = async (): Promise<string> =>
    (
      await sandbox().docker(
        'inspect',
        '--format',
        '{{.State.Status}} {{.State.StartedAt}}',
        stranger,
      )
    ).trim()

  test('are refused by name', async () => {
    const before = await runs()
    const requests = [
      runtime.kill(stranger, { by }),
      runtime.stop(stranger, { by, graceMs: 1_000 }),
      runtime.pause(stranger, { by, leaseMs: 1_000 }),
      runtime.start(stranger, { by }),
    ]
    for (const request of requests) await expect(request).rejects.toThrow(InputError)
    expect(await runs()).toBe(before)
  })

  test('are refused by id, with the name of their owner', async () => {
    const project = await openProject(await connectEngine(), system.topology, sandbox().project)
    await expect(project.own(stranger)).rejects.toThrow(
      new RegExp(`"another-project".*"${sandbox().project}"`),
    )
  })

  test('stay untouched when they have the name of a service of this project', async () => {
    const before = await runs()
    await runtime.kill('api-1', { by })
    expect(await runs()).toBe(before)
    await runtime.start('api-1', { by })
  })

  test('a second sandbox is not affected by faults in the first', async () => {
    await using other = await startComposeSandbox({ withoutController: true })
    await using second = await other.connect()
    await runtime.kill('api-1', { by })
    await runtime.pause('redis', { by, leaseMs: 20_000 })
    const states = await second.status()
    expect(states.filter(({ state }) => state !== 'ready')).toEqual([])
    await runtime.resume('redis', { by })
    await runtime.start('api-1', { by })
  })

  test('a pause ends with its lease after its runtime was disposed', async () => {
    const gone = await sandbox().connect()
    await gone.pause('worker-1', { by, leaseMs: 1_000 })
    await gone[Symbol.asyncDispose]()
    await vi.waitFor(
      async () => {
        const [worker] = (await runtime.status()).filter(({ name }) => name === 'worker-1')
        expect(worker?.state).toBe('ready')
      },
      { timeout: 4_000 },
    )
  })

  test('a cleanup resumes an instance that an earlier controller paused', async () => {
    const gone = await sandbox().connect()
    await gone.pause('worker-1', { by, leaseMs: 60_000 })
    await gone[Symbol.asyncDispose]()
    const cleanedUp = await runtime.cleanUp()
    expect(cleanedUp.join('\n')).toMatch(/pause of worker-1/)
    const status = await runtime.status()
    expect(status.find(({ name }) => name === 'worker-1')?.state).toBe('ready')
  })

  test('a cleanup restarts an instance with settings of an earlier run', async () => {
    await runtime.stop('worker-2', { by, graceMs: 5_000 })
    await runtime.start('worker-2', { by, environment: { LOG_LEVEL: 'warn' } })
    expect((await runtime.cleanUp()).join('\n')).toMatch(/^worker-2 .*settings/)
    expect(await runtime.cleanUp()).toEqual([])
  })

  test('a start with new settings replaces an instance that another caller just started with the old ones', async () => {
    const environment = { LOG_LEVEL: 'debug' }
    await runtime.kill('worker-1', { by })
    await Promise.all([
      runtime.start('worker-1', { by: 'supervisor' }).catch(() => undefined),
      runtime.start('worker-1', { by, environment }),
    ])
    const of = async (): Promise<string> =>
      await sandbox().compose('exec', '-T', 'worker-1', 'bash', '-c', 'cat /proc/[0-9]*/environ')
    expect(await of()).toMatch(/LOG_LEVEL=debug/)
    await runtime.kill('worker-1', { by })
    await runtime.start('worker-1', { by, environment: {} })
    expect(await of()).not.toMatch(/LOG_LEVEL=debug/)
  })
})
