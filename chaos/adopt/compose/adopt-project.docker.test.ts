import { afterAll, beforeAll, expect, test } from 'vitest'

import type { SandboxView } from '#chaos/contracts/api.ts'
import type { DirectConnections } from '#chaos/contracts/runtime.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'

import type { AdoptionReport } from './adoption-report.ts'
import { controllerPid, startForeignProject } from './testing/foreign-project.ts'
import type { ForeignProject } from './testing/foreign-project.ts'
import { linksImage } from './testing/links-image.ts'

/** Addresses of links: see choose-subnets.ts. */
const viaLinks = /10\.231\.\S+$/
const port = 18_431

async function adopt(foreign: ForeignProject, ...more: readonly string[]): Promise<Adopted> {
  return JSON.parse(await foreign.unhappy('adopt', '--detach', '--json', ...more)) as Adopted
}
type Adopted = AdoptionReport & { readonly slot: number; readonly urls: { shop: string[] } }

const by = async (foreign: ForeignProject, container: string): Promise<string> =>
  (await foreign.docker('logs', '--tail', '1', container)).trim()

describeWithDocker('a running Compose project', () => {
  let foreign: ForeignProject
  let before: Readonly<Record<string, string>>
  let adopted: Adopted
  beforeAll(async () => {
    foreign = await startForeignProject(linksImage(), port)
    before = await foreign.containers()
    adopted = await adopt(foreign, '--cut')
  }, 240_000)
  afterAll(async () => await foreign[Symbol.asyncDispose](), 120_000)

  test('has a link for every edge, within 15 seconds', () => {
    const links = adopted.links.map(({ name, protocol, port: at }) => `${name} ${protocol} ${at}`)
    expect(links).toEqual([
      'client:web http 3000',
      'web:cache redis 6379',
      'web:db postgres 5432',
      'worker:cache redis 6379',
      'worker:db postgres 5432',
      'worker:web http 3000',
    ])
    expect(adopted.tookMs).toBeLessThan(15_000)
    expect(adopted.restartPolicies).toEqual([{ instance: 'web', policy: 'always' }])
  })

  test('cuts what was open before, and nothing is open past the links then', () => {
    expect(adopted.cut).toBe(2)
    expect(adopted.direct).toEqual([])
  })

  test('no container was restarted or recreated, and Compose changes none', async () => {
    expect(await foreign.containers()).toEqual(before)
    await foreign.compose('up', '--detach')
    expect(await foreign.containers()).toEqual(before)
  })

  test.each(['release', 'adopt'])(
    '%s with another home refuses, names the controller, and changes nothing',
    async (command) => {
      const ours = await foreign.ours()
      const refusal = await foreign.refusedElsewhere(command)
      expect(refusal).toContain(`process ${await controllerPid(adopted)}, started in`)
      expect(refusal).toContain(foreign.folder)
      expect(await foreign.ours()).toEqual(ours)
    },
  )

  test('every connection by a name passes a link, and a closed port stays closed', async () => {
    for (let request = 0; request < 10; request++) {
      const { cache, db, closed } = await foreign.ask()
      expect([cache, db]).toEqual([
        expect.stringMatching(viaLinks),
        expect.stringMatching(viaLinks),
      ])
      expect(closed).toBe('ECONNREFUSED')
    }
    await expect.poll(async () => await by(foreign, `${foreign.name}-worker-2`)).toMatch(viaLinks)
  })

  test('a fault on a link is felt, and clients have a port of their own', async () => {
    await foreign.unhappy('inject', 'latency', 'web:cache', '--latencyMs', '700', '--for', '60s')
    const startedAt = performance.now()
    const response = await fetch(adopted.urls.shop[0] ?? '')
    expect(await response.text()).toContain('PONG')
    expect(performance.now() - startedAt).toBeGreaterThan(690)
    await foreign.unhappy('heal')
  })

  test('a partition drops real packets, and heals', async () => {
    const shown = await foreign.unhappy('inject', 'partition', 'web:db', '--for', '60s')
    expect(shown).toContain('(packets)')
    expect((await foreign.ask()).db).toBe('timeout')
    await foreign.unhappy('heal')
    await expect.poll(async () => (await foreign.ask()).db).toMatch(viaLinks)
  })

  test('a crash ends one container, and its restart policy counts', async () => {
    await foreign.unhappy('inject', 'crash', 'web', '--for', '2s')
    await expect
      .poll(async () => (await foreign.containers())[`${foreign.name}-web-1`])
      .toMatch(/ 1$/)
    await foreign.unhappy('heal')
    const { [`${foreign.name}-web-1`]: _web, ...others } = await foreign.containers()
    const { [`${foreign.name}-web-1`]: _before, ...same } = before
    expect(others).toEqual(same)
    await expect
      .poll(async () => await foreign.ask().catch(() => undefined))
      .toMatchObject({ cache: expect.stringMatching(viaLinks) as string })
  })

  test('a restart of the engine by its policy counts as a restart, and the instance is ready', async () => {
    const [view] = JSON.parse(await foreign.unhappy('status', '--json')) as [SandboxView]
    const web = view.instances.find(({ name }) => name === 'web')
    expect(web).toMatchObject({ state: 'ready', restarts: 1 })
  })

  const state = '{{.State.Status}}'
  test.each([
    { fault: 'stop', shows: state, before: /^running$/, during: /^exited$/ },
    { fault: 'pause', shows: state, before: /^running$/, during: /^paused$/ },
    {
      fault: 'cpu-limit',
      params: ['--cores', '0.5'],
      shows: '{{.HostConfig.CpuQuota}}',
      before: /^(0|-1)$/,
      during: /^50000$/,
    },
    {
      fault: 'memory-limit',
      params: ['--bytes', '80000000'],
      shows: '{{.HostConfig.Memory}}',
      // The engine cannot remove a limit: afterwards it is the memory of the machine.
      before: /^(0|\d{10,})$/,
      during: /^\d{8,9}$/,
    },
  ])(
    '$fault acts on one container, and heals',
    async ({ fault, params = [], shows, before, during }) => {
      const seen = async (): Promise<string> =>
        await foreign.docker('inspect', '--format', shows, `${foreign.name}-cache-1`)
      expect(await seen()).toMatch(before)
      await foreign.unhappy('inject', fault, 'cache', ...params, '--for', '60s')
      await expect.poll(seen).toMatch(during)
      await foreign.unhappy('heal')
      await expect.poll(seen).toMatch(before)
      await expect.poll(async () => (await foreign.ask()).cache).toMatch(viaLinks)
    },
  )

  test('restart starts one container again, and heals', async () => {
    const started = async (): Promise<Readonly<Record<string, string>>> =>
      await foreign.containers()
    const name = `${foreign.name}-cache-1`
    const { [name]: before, ...others } = await started()
    await foreign.unhappy('inject', 'restart', 'cache', '--for', '60s')
    await expect.poll(async () => (await started())[name]).not.toBe(before)
    await foreign.unhappy('heal')
    const { [name]: _after, ...same } = await started()
    expect(same).toEqual(others)
    await expect.poll(async () => (await foreign.ask()).cache).toMatch(viaLinks)
  })

  test('a link refuses while its callee is down', async () => {
    await foreign.unhappy('inject', 'crash', 'cache', '--for', '60s')
    await expect.poll(async () => (await foreign.ask()).cache).toBe('ECONNREFUSED')
    await foreign.unhappy('heal')
    await expect.poll(async () => (await foreign.ask()).cache).toMatch(viaLinks)
  })

  test('a link refuses while its callee runs and has closed its port', async () => {
    const toggle = async (): Promise<string> =>
      await foreign.docker('kill', '--signal', 'USR2', `${foreign.name}-web-1`)
    const seen = async (): Promise<string> => await by(foreign, `${foreign.name}-worker-2`)
    await toggle()
    await expect.poll(seen).toBe('web ECONNREFUSED')
    await toggle()
    await expect.poll(seen).toMatch(viaLinks)
  })

  test('a container that Compose creates later is attached', async () => {
    await foreign.compose('up', '--detach', '--scale', 'worker=3', '--no-recreate')
    await expect.poll(async () => await by(foreign, `${foreign.name}-worker-3`)).toMatch(viaLinks)
  })

  test('links that were killed start again', async () => {
    await foreign.docker('kill', `unhappy-${foreign.name}-links`)
    await expect
      .poll(async () => (await foreign.ask().catch(() => undefined))?.cache)
      .toMatch(viaLinks)
  })

  test('after SIGKILL of controller and links, connections reach the real services', async () => {
    const [status] = JSON.parse(await foreign.unhappy('status', '--json')) as [{ slot: number }]
    expect(status.slot).toBe(adopted.slot)
    process.kill(await controllerPid(adopted), 'SIGKILL')
    await foreign.docker('kill', `unhappy-${foreign.name}-links`)
    const startedAt = performance.now()
    const reached = Promise.withResolvers<number>()
    // A new request each time: one that began before the kill may wait for its own timeout.
    const timer = setInterval(() => {
      const askedAt = performance.now()
      void foreign.ask().then(
        ({ cache }) =>
          cache.startsWith('+PONG') && !viaLinks.test(cache) && reached.resolve(askedAt),
        () => undefined,
      )
    }, 250)
    const askedAt = await reached.promise
    clearInterval(timer)
    expect(askedAt - startedAt).toBeLessThan(5_000)
  })

  test('release leaves nothing, and the project as it was', async () => {
    expect(await foreign.ours()).not.toEqual([])
    await foreign.unhappy('release')
    expect(await foreign.ours()).toEqual([])
    expect(await foreign.git('status', '--porcelain')).toBe('')
    expect((await foreign.ask()).db).toMatch(/^N 1/)
    const names = Object.keys(await foreign.containers())
    expect(names).toHaveLength(6)
  })

  test('a release by a living controller leaves nothing either', async () => {
    const again = await adopt(foreign)
    // One connection of each worker; a request can be in flight, too.
    const open = again.direct.reduce((sum, { count }) => sum + count, 0)
    expect(open).toBeGreaterThanOrEqual(3)
    expect(new Set(again.direct.map(({ opened }) => opened))).toEqual(new Set(['before']))
    const direct = JSON.parse(
      await foreign.unhappy('links', '--direct', '--json'),
    ) as DirectConnections[]
    expect(direct).toContainEqual(
      expect.objectContaining({ caller: 'worker', callee: 'cache', port: 6379, opened: 'before' }),
    )
    const stopped = `${foreign.name}-worker-1`
    await foreign.docker('stop', '--time', '1', stopped)
    await foreign.unhappy('release')
    expect(await foreign.ours()).toEqual([])
    // It would still refer to a network that is gone.
    expect(await foreign.docker('start', stopped)).toBe(stopped)
  })
})
