import { execFileSync, spawnSync } from 'node:child_process'

import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import type { DirectConnections } from '#chaos/contracts/runtime.ts'
import { describeWithDocker } from '#chaos/runtime/docker/testing/describe-with-docker.ts'

import type { AdoptionReport } from './adoption-report.ts'
import { builtImage } from './testing/built-image.ts'
import { startForeignProject } from './testing/foreign-project.ts'
import type { ForeignFiles, ForeignProject } from './testing/foreign-project.ts'

const port = 18_471
const outside = 'unhappy-foreign-outside'

/** Each of these callers keeps one connection to the cache open, in its own way. */
const caller = (host: string, at = 6379, more = ''): string => `
    image: node:24-slim
    init: true
    command: node /app/keep.js ${host} ${at}
    volumes: ["./keep.js:/app/keep.js:ro"]
    depends_on: [cache]${more}`

const files: ForeignFiles = {
  compose: `
services:
  cache:
    image: redis:8
    ports: ["${port}:6379"]
    networks: { back: { ipv4_address: 10.214.7.10 } }
  byname: ${caller('cache', 6379, '\n    networks: [back, outside]')}
  fixed: ${caller('10.214.7.10', 6379, '\n    networks: [back]')}
  published: ${caller('host.docker.internal', port, '\n    networks: [back]\n    extra_hosts: ["host.docker.internal:host-gateway"]')}
  onhost: ${caller('127.0.0.1', port, '\n    network_mode: host')}
  beside: ${caller('cache', 6379, '\n    network_mode: service:byname')}
  names:
    image: node:24-slim
    init: true
    command: sleep 100000
    expose: ["53/udp"]
    networks: [back]
networks:
  back: { ipam: { config: [{ subnet: 10.214.7.0/24 }] } }
  outside: { external: true, name: ${outside} }
`,
  others: {
    'keep.js': `
const net = require('net')
const [host, port] = process.argv.slice(2)
const open = () => net.connect(port, host)
  .on('connect', function () { console.log(this.remoteAddress) })
  .on('error', () => {})
  .on('close', () => setTimeout(open, 100))
open()
`,
  },
}

type Seen = Pick<DirectConnections, 'caller' | 'address' | 'count' | 'opened'>

describeWithDocker('a Compose project with callers that pass no link', () => {
  let foreign: ForeignProject
  let adopted: AdoptionReport
  const direct = async (): Promise<readonly Seen[]> => {
    const all = JSON.parse(
      await foreign.unhappy('links', '--direct', '--json'),
    ) as readonly DirectConnections[]
    return all
      .map(({ caller: from, address, count, opened }) => ({ caller: from, address, count, opened }))
      .toSorted((a, b) => a.caller.localeCompare(b.caller))
  }
  beforeAll(async () => {
    const image = builtImage()
    // An earlier run that was killed has left it.
    spawnSync('docker', ['network', 'rm', outside])
    execFileSync('docker', ['network', 'create', outside])
    foreign = await startForeignProject(image, port, files)
    // Every caller has its connection.
    const services = ['byname', 'fixed', 'published', 'onhost', 'beside']
    for (const service of services)
      await vi.waitFor(
        async () =>
          expect(await foreign.docker('logs', `${foreign.name}-${service}-1`)).not.toBe(''),
        { timeout: 60_000, interval: 500 },
      )
    adopted = JSON.parse(await foreign.unhappy('adopt', '--detach', '--json')) as AdoptionReport
  }, 240_000)
  afterAll(async () => {
    await foreign[Symbol.asyncDispose]()
    execFileSync('docker', ['network', 'rm', outside])
  }, 120_000)

  test('every open connection is listed with its caller, address and number', () => {
    const { direct: found } = adopted
    expect(
      found
        .map(({ caller: from, address, count, opened }) => `${from} ${address} ${count} ${opened}`)
        .toSorted(),
    ).toEqual([
      // byname and beside share one network.
      'byname 10.214.7.10:6379 2 before',
      'fixed 10.214.7.10:6379 1 before',
      'host 10.214.7.10:6379 1 before',
      expect.stringMatching(/^published \S+:18471 1 before$/),
    ])
  })

  test('what is left alone is named with its reason', () => {
    const whys = Object.fromEntries(adopted.leftAlone.map(({ what, why }) => [what, why]))
    expect(whys).toMatchObject({
      onhost: expect.stringContaining('network_mode: host') as string,
      beside: expect.stringContaining('the links of byname') as string,
      'names 53/udp': expect.stringContaining('UDP') as string,
      [`network ${outside}`]: expect.stringContaining('external') as string,
    })
  })

  test('after a cut, connections by name pass a link, and those by an address are listed again', async () => {
    await foreign.unhappy('release')
    const again = JSON.parse(
      await foreign.unhappy('adopt', '--detach', '--json', '--cut'),
    ) as AdoptionReport
    expect([again.cut, again.uncut]).toEqual([4, []])
    await expect.poll(direct, { timeout: 30_000, interval: 500 }).toEqual([
      { caller: 'fixed', address: '10.214.7.10:6379', count: 1, opened: 'since' },
      { caller: 'host', address: '10.214.7.10:6379', count: 1, opened: 'before' },
      {
        caller: 'published',
        address: expect.stringContaining(':18471') as string,
        count: 1,
        opened: 'since',
      },
    ])
    for (const service of ['byname', 'beside'])
      expect(
        (await foreign.docker('logs', '--tail', '1', `${foreign.name}-${service}-1`)).trim(),
      ).toMatch(/^10\.231\./)
  })

  test('release leaves nothing', async () => {
    await foreign.unhappy('release')
    expect(await foreign.ours()).toEqual([])
  })
})
