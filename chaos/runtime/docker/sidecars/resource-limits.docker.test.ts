import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import type { InstanceEvent, ResourceLimits, Runtime } from '#chaos/contracts/runtime.ts'

import { describeWithDocker } from '../testing/describe-with-docker.ts'
import { useComposeSandbox } from '../testing/use-compose-sandbox.ts'

const leaseMs = 30_000
const megabyte = 1024 * 1024

interface Settings {
  readonly Memory: number
  readonly CpuQuota: number
}

describeWithDocker('limits of a container', () => {
  const sandbox = useComposeSandbox({ withoutController: true })
  let runtime: Runtime
  let limits: ResourceLimits
  const events: InstanceEvent[] = []
  beforeAll(async () => {
    runtime = await sandbox().connect()
    runtime.onInstance((event) => events.push(event))
    if (runtime.resourceLimits === undefined) throw new Error('no resource limits')
    limits = runtime.resourceLimits
  })
  afterAll(async () => {
    await runtime[Symbol.asyncDispose]()
  })

  const inside = async (instance: string, ...words: readonly string[]): Promise<string> =>
    await sandbox().compose('exec', '-T', instance, ...words)
  const settingsOf = async (instance: string): Promise<Settings> => {
    const id = (await sandbox().compose('ps', '--all', '--quiet', instance)).trim()
    const text = await sandbox().docker('inspect', '--format', '{{json .HostConfig}}', id)
    return JSON.parse(text) as Settings
  }
  /** Iterations of a busy loop in half a second. */
  const workDone = async (instance: string): Promise<number> => {
    const loop =
      'const end = Date.now() + 500; let n = 0; while (Date.now() < end) n++; console.log(n)'
    return Number(await inside(instance, 'node', '-e', loop))
  }

  test('a CPU limit slows the instance down and heals', async () => {
    const before = await workDone('worker-1')
    const limit = await limits.limitCpu('worker-1', { cores: 0.100_003, leaseMs })
    expect((await settingsOf('worker-1')).CpuQuota).toBe(10_000)
    const meanwhile = await workDone('worker-1')
    await limit[Symbol.asyncDispose]()
    await limit[Symbol.asyncDispose]()
    expect((await settingsOf('worker-1')).CpuQuota).toBe(-1)
    expect(meanwhile).toBeLessThan(before / 2)
  })

  test('a CPU limit ends with its lease without the controller', async () => {
    await limits.limitCpu('worker-1', { cores: 0.5, leaseMs: 1_000 })
    await vi.waitFor(async () => expect((await settingsOf('worker-1')).CpuQuota).toBe(-1), {
      timeout: 4_000,
    })
  })

  test('the kernel kills an instance that uses more memory than its limit', async () => {
    const own = (await settingsOf('worker-2')).Memory
    const limit = await limits.limitMemory('worker-2', { bytes: 64 * megabyte, leaseMs })
    const eat = 'const eaten = []; for (;;) eaten.push(Buffer.alloc(1 << 20, 1))'
    // The kernel may kill any process of the container; the reason is always memory.
    await inside('worker-2', 'node', '-e', eat).catch(() => '')
    await vi.waitFor(
      async () => {
        const id = (await sandbox().compose('ps', '--all', '--quiet', 'worker-2')).trim()
        const killed = await sandbox().docker('inspect', '--format', '{{.State.OOMKilled}}', id)
        const event = events.find(({ detail }) => detail?.startsWith('out of memory'))
        expect(killed.trim() === 'true' || event !== undefined).toBe(true)
      },
      { timeout: 20_000 },
    )
    await limit[Symbol.asyncDispose]()
    expect((await settingsOf('worker-2')).Memory).toBe(own)
    await runtime.start('worker-2', { by: 'user' })
  })

  test('a full disk makes the next write of a store fail and heals', async () => {
    const write = ['bash', '-c', 'head -c 1000000 /dev/zero > /data/probe && rm /data/probe']
    await inside('redis', ...write)
    const fill = await limits.fillDisk('redis', { leaveBytes: 0, leaseMs })
    await expect(inside('redis', ...write)).rejects.toThrow(/No space left on device/)
    await fill[Symbol.asyncDispose]()
    await inside('redis', ...write)
  })

  test('a full disk heals when its lease ends', async () => {
    await limits.fillDisk('postgres', { leaveBytes: 65_536, leaseMs: 1_500 })
    expect(await freeBytes('/var/lib/postgresql')).toBeLessThanOrEqual(65_536)
    await vi.waitFor(
      async () => expect(await freeBytes('/var/lib/postgresql')).toBeGreaterThan(megabyte),
      { timeout: 4_000 },
    )
  })

  test('a cleanup removes a filler whose sidecar was killed', async () => {
    await limits.fillDisk('redis', { leaveBytes: 0, leaseMs })
    const label = `label=unhappy-path.project=${sandbox().project}`
    const id = await sandbox().docker('ps', '--quiet', '--filter', label)
    await sandbox().docker('kill', id.trim())
    expect((await runtime.cleanUp()).join('\n')).toMatch(/disk of redis/)
    await inside('redis', 'test', '!', '-e', '/data/unhappy-path-filler')
  })

  test('an instance without a volume cannot have a full disk', async () => {
    await expect(limits.fillDisk('api-1', { leaveBytes: 0, leaseMs })).rejects.toThrow(
      /api-1 has no volume/,
    )
  })

  const freeBytes = async (folder: string): Promise<number> => {
    const [blocks = '', size = ''] = (
      await inside('postgres', 'stat', '-f', '-c', '%a %S', folder)
    ).split(' ')
    return Number(blocks) * Number(size)
  }
})
