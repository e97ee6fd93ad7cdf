import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import { client } from '#chaos/contracts/topology.ts'
import { instances, links, linksFrom, stores } from '#services/topology.ts'

const root = new URL('../../../', import.meta.url)
const file = parse(readFileSync(new URL('docker-compose.yml', root), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>
}
const { services } = file
const databaseJob = 'database'
const chaosPorts = '${UNHAPPY_PORTS:-200}'

interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly init?: boolean
  readonly user?: string
  readonly restart?: string
  readonly mem_limit?: string
  readonly volumes?: readonly string[]
}

/** Published ports such as `127.0.0.1:20020:20020`, with the variables' defaults filled in. */
function published(service: ComposeService | undefined): string[] {
  return (service?.ports ?? []).map((port) =>
    port.replace(/\$\{\w+:-(\d+)\}/g, (_, value: string) => value),
  )
}

function variable(callee: string): string {
  if (callee === 'postgres') return 'DATABASE_URL'
  return callee === 'redis' ? 'REDIS_URL' : `${callee.toUpperCase()}_URL`
}

describe('docker-compose.yml against services/topology.ts', () => {
  it('has exactly the instances, the stores, the links, the controller and the database job', () => {
    const expected = [...instances, ...stores].map(({ name }) => name)
    expect(Object.keys(services).toSorted()).toEqual(
      [...expected, 'links', 'chaos', databaseJob].toSorted(),
    )
  })

  it.each(instances)('$name runs its own entry point under its own name and port', (instance) => {
    const service = services[instance.name]
    const port = localPort(0, instance.portOffset)
    expect(service?.command).toEqual(['node', instance.main])
    expect(service?.environment?.['INSTANCE']).toBe(instance.name)
    expect(Number(service?.environment?.['PORT'])).toBe(port)
    expect(published(service)).toEqual([`127.0.0.1:${port}:${port}`])
    expect(service?.healthcheck?.test).toEqual(['CMD', 'healthy', String(port), '/health/ready'])
  })

  it.each(instances)('$name has exactly the URLs of its own links', (instance) => {
    const environment = services[instance.name]?.environment ?? {}
    const urls = Object.entries(environment).filter(([name]) => name.endsWith('_URL'))
    const expected = linksFrom(instance.name).map(
      ({ callee, portOffset }) => `${variable(callee)} links:${localPort(0, portOffset)}`,
    )
    expect(
      urls
        .map(([name, url]) => `${name} ${new URL(String(url)).host}`)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(expected.toSorted((a, b) => a.localeCompare(b)))
  })

  it.each(stores)(
    '$name is published on the port that the local runtime uses',
    ({ name, portOffset }) => {
      expect(published(services[name])[0]).toMatch(`127.0.0.1:${localPort(0, portOffset)}:`)
    },
  )

  it('publishes the client links and the API of the data plane', () => {
    const entries = links.filter((link) => link.caller === client)
    const ports = [...entries.map((link) => localPort(0, link.portOffset)), proxyApiPort]
    expect(published(services['links'])).toEqual(ports.map((port) => `127.0.0.1:${port}:${port}`))
  })

  it('UNHAPPY_PORTS moves every port as a slot of the local runtime does', () => {
    const all = Object.values(services).flatMap((service) => service.ports ?? [])
    const moved = all.filter((port) => !port.includes('UNHAPPY_PROXY_PORT'))
    expect(moved.length).toBe(all.length - 1)
    for (const port of moved) expect(port.startsWith(`127.0.0.1:${chaosPorts}`)).toBe(true)
    // The two digits of the port offset follow the number.
    expect(localPort(1, 20)).toBe(Number(['201', '20'].join('')))
  })

  it('links.json contains every link', () => {
    const text = readFileSync(new URL('links.json', import.meta.url), 'utf8')
    const storePorts: Readonly<Record<string, number>> = { postgres: 5432, redis: 6379 }
    const portOf = (name: string): number =>
      storePorts[name] ??
      localPort(0, instances.find((instance) => instance.name === name)?.portOffset ?? Number.NaN)
    const expected = links.map(({ name, callee, portOffset }) => ({
      name,
      listen: `0.0.0.0:${localPort(0, portOffset)}`,
      upstream: `${callee}:${portOf(callee)}`,
    }))
    const entries = JSON.parse(text) as readonly Record<string, unknown>[]
    expect(entries.map(({ name, listen, upstream }) => ({ name, listen, upstream }))).toEqual(
      expected,
    )
  })
})

it('a killed guard starts again: without it no pause ends with its lease', () => {
  const text = readFileSync(new URL('docker-compose.hardened.yml', root), 'utf8')
  const hardened = parse(text) as typeof file
  expect(hardened.services['guard']?.restart).toBe('on-failure')
})

describe('the limits of docker-compose.yml', () => {
  it.each(Object.entries(services))(
    '%s publishes on 127.0.0.1, never restarts by itself and has a memory limit',
    (_, service) => {
      for (const port of service.ports ?? []) expect(port.startsWith('127.0.0.1:')).toBe(true)
      expect(service.restart).toBe('no')
      expect(service.mem_limit).toMatch(/^\d+m$/)
    },
  )

  it('every service has a health check, except the job that ends', () => {
    const blind = Object.keys(services).filter((name) => services[name]?.healthcheck === undefined)
    expect(blind).toEqual([databaseJob])
  })

  it('runs an init in every container of the unhappy-path image', () => {
    const ours = Object.values(services).filter((service) => service.image === 'unhappy-path')
    expect(ours.length).toBe(instances.length + 3)
    expect(ours.every((service) => service.init === true)).toBe(true)
  })

  it('gives root and the socket of the engine to the controller alone', () => {
    const withSocket = Object.entries(services).filter(([, service]) =>
      service.volumes?.some((volume) => volume.includes('docker.sock')),
    )
    const withRoot = Object.entries(services).filter(([, service]) => service.user !== undefined)
    expect(withSocket.map(([name]) => name)).toEqual(['chaos'])
    expect(withRoot.map(([name]) => name)).toEqual(['chaos'])
  })
})
