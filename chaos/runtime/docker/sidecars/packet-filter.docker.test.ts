import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import type { PacketFilter, Runtime } from '#chaos/contracts/runtime.ts'

import { describeWithDocker } from '../testing/describe-with-docker.ts'
import { dial, dialUntilConnected, sendDatagrams } from '../testing/dial.ts'
import { listPacketRules, listSidecars } from '../testing/list-parts.ts'
import { useComposeSandbox } from '../testing/use-compose-sandbox.ts'

const leaseMs = 30_000
const postgresOfApi1 = 'links:20030'
const redisOfApi1 = 'links:20031'
const postgresOfApi2 = 'links:20040'

describeWithDocker('real packets', () => {
  const sandbox = useComposeSandbox({ withoutController: true })
  let runtime: Runtime
  let filter: PacketFilter
  beforeAll(async () => {
    runtime = await sandbox().connect()
    if (runtime.packetFilter === undefined) throw new Error('no packet filter')
    filter = runtime.packetFilter
  })
  afterAll(async () => {
    await runtime[Symbol.asyncDispose]()
  })

  const cut = { from: 'api-1', to: 'postgres', direction: 'both', leaseMs } as const
  const rulesOf = async (instance: string): Promise<string> =>
    await listPacketRules(sandbox(), instance)

  test('a connect across a partition times out, and other connections work', async () => {
    await using _partition = await filter.partition(cut)
    expect(await dial(sandbox(), 'api-1', postgresOfApi1)).toMatchObject({ outcome: 'timeout' })
    expect(await dial(sandbox(), 'api-1', redisOfApi1)).toMatchObject({ outcome: 'connected' })
    expect(await dial(sandbox(), 'api-2', postgresOfApi2)).toMatchObject({ outcome: 'connected' })
    const status = await runtime.status()
    expect(status.find(({ name }) => name === 'api-2')?.state).toBe('ready')
  })

  test('a partition also drops packets that pass no link', async () => {
    await using _partition = await filter.partition(cut)
    expect(await dial(sandbox(), 'api-1', 'postgres:5432')).toMatchObject({ outcome: 'timeout' })
    expect(await dial(sandbox(), 'api-2', 'postgres:5432')).toMatchObject({ outcome: 'connected' })
  })

  test('a one-way partition drops only what that side sends', async () => {
    const before = await rulesOf('api-1')
    await using _partition = await filter.partition({ ...cut, direction: 'one-way' })
    expect(await rulesOf('api-1')).toMatch(/OUTPUT .*--dport 20030 .*DROP/)
    expect(await rulesOf('api-1')).not.toMatch(/-A INPUT .*DROP/)
    expect(await dial(sandbox(), 'api-1', postgresOfApi1)).toMatchObject({ outcome: 'timeout' })
    expect(before).not.toMatch(/DROP/)
  })

  test('healing a partition removes exactly its own rules, and a second heal is safe', async () => {
    const first = await filter.partition(cut)
    const second = await filter.partition({ ...cut, to: 'redis' })
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    expect(await rulesOf('api-1')).toMatch(/--dport 20031 .*--comment "?unhappy-path:/)
    expect(await rulesOf('api-1')).not.toMatch(/--dport 20030/)
    await second[Symbol.asyncDispose]()
    expect(await rulesOf('api-1')).not.toMatch(/DROP/)
  })

  test('a partition heals within a second after the end of its lease', async () => {
    const began = performance.now()
    await filter.partition({ ...cut, leaseMs: 3_000 })
    const on = performance.now()
    const dialled = await dialUntilConnected(sandbox(), 'api-1', postgresOfApi1, 8_000)
    const healed = performance.now()
    expect(dialled.outcome).toBe('connected')
    expect(healed - began).toBeGreaterThan(3_000)
    expect(healed - on).toBeLessThan(4_000)
    await noSidecars()
  })

  test('packet loss drops the requested share of packets', async () => {
    await using _loss = await filter.packetLoss({ ...cut, probability: 0.3 })
    // The kernel reports packets that it drops on the way out to the sender of datagrams.
    const sent = await sendDatagrams(sandbox(), 'api-1', 'postgres', 1_000)
    expect(sent.dropped).toBeGreaterThan(230)
    expect(sent.dropped).toBeLessThan(370)
    // TCP retransmits lost packets: slower, but the connection succeeds.
    const dialled = await dial(sandbox(), 'api-1', postgresOfApi1, 15_000)
    expect(dialled.outcome).toBe('connected')
  })

  test('a share of packets above 1 is refused', async () => {
    await expect(filter.packetLoss({ ...cut, probability: 1.5 })).rejects.toThrow('1.5')
  })

  test('an instance that restarts during a partition is partitioned again', async () => {
    await using _partition = await filter.partition(cut)
    await runtime.kill('api-1', { by: 'scenario' })
    // It cannot become ready without its database.
    const signal = AbortSignal.timeout(2_500)
    await runtime.start('api-1', { by: 'scenario', signal }).catch(() => undefined)
    expect(await dial(sandbox(), 'api-1', postgresOfApi1)).toMatchObject({ outcome: 'timeout' })
  })

  test('an instance cannot change its own packet rules', async () => {
    await runtime.start('api-1', { by: 'user' })
    const attempt = sandbox().compose('exec', '-T', '--user', 'root', 'api-1', 'iptables', '-F')
    await expect(attempt).rejects.toThrow(/permission denied|not permitted|must be root/i)
  })

  test('a cleanup removes packet rules whose sidecar was killed', async () => {
    await filter.partition(cut)
    const names = (await listSidecars(sandbox())).map((name) => name.replace('sidecar ', ''))
    await sandbox().docker('kill', ...names)
    expect(await rulesOf('api-1')).toMatch(/DROP/)
    // The cleanup looks for rules only if the controller's container has run before.
    await sandbox().compose('restart', '--timeout', '1', 'chaos')
    const cleanedUp = await runtime.cleanUp()
    expect(cleanedUp.join('\n')).toMatch(/api-1.*20030/)
    expect(await rulesOf('api-1')).not.toMatch(/DROP/)
  })

  test('a sidecar ends with its instance and leaves nothing', async () => {
    await filter.partition({ ...cut, from: 'worker-2' })
    expect(await listSidecars(sandbox())).toHaveLength(1)
    await runtime.kill('worker-2', { by: 'scenario' })
    await noSidecars()
    await runtime.start('worker-2', { by: 'user' })
  })

  const noSidecars = async (): Promise<void> => {
    await vi.waitFor(async () => expect(await listSidecars(sandbox())).toEqual([]), {
      timeout: 3_000,
      interval: 100,
    })
  }
})
