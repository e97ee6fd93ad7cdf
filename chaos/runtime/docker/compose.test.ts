import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import {
  client,
  instancesOf,
  linksFrom,
  portOffsetsOf,
  variableOf,
  withAllProfiles,
} from '#chaos/contracts/topology.ts'
import type { Instance, Topology } from '#chaos/contracts/topology.ts'
import { system } from '#chaos/system.ts'

const root = new URL('../../../', import.meta.url)
const file = parse(readFileSync(new URL('docker-compose.yml', root), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>
}
const { services } = file
const { topology } = system
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
  /** Of a service that runs only on request, beside the sandbox. */
  readonly profiles?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

/** Published ports such as `127.0.0.1:20020:20020`, with the variables' defaults filled in. */
function published(service: ComposeService | undefined): string[] {
  return (service?.ports ?? []).map((port) =>
    port.replace(/\$\{\w+:-([\d.]+)\}/g, (_, value: string) => value),
  )
}

const isExtra = (name: string): boolean => services[name]?.profiles !== undefined

/** What the service of an instance must have, by the name of the part. */
function partsOf(topology: Topology, { name, main, portOffset }: Instance) {
  const port = localPort(0, portOffset)
  const urls = linksFrom(topology, name).map(
    (link) => [variableOf(topology, link), `links:${localPort(0, link.portOffset)}`] as const,
  )
  return {
    command: ['node', main],
    ports: [`127.0.0.1:${port}:${port}`],
    healthcheck: ['CMD', 'healthy', String(port), '/health/ready'],
    'environment.INSTANCE': name,
    'environment.PORT': String(port),
    ...Object.fromEntries(urls.map(([key, host]) => [`environment.${key}`, host])),
  }
}

/** The same parts of the service in the file. Of a URL, only host and port. */
function partsInFile(service: ComposeService | undefined): Readonly<Record<string, unknown>> {
  if (service === undefined) return {}
  const { command, environment = {}, healthcheck } = service
  const variables = Object.entries(environment).filter(([key]) =>
    /^(INSTANCE|PORT|.*_URL)$/.test(key),
  )
  return {
    command,
    ports: published(service),
    healthcheck: healthcheck?.test,
    ...Object.fromEntries(
      variables.map(([key, value]) => [
        `environment.${key}`,
        key.endsWith('_URL') ? new URL(String(value)).host : String(value),
      ]),
    ),
  }
}

/** The parts of docker-compose.yml that differ from the topology: `worker-3.environment.DATABASE_URL`. */
function differences(topology: Topology): readonly string[] {
  const { instances, stores, links } = topology
  const optional = withAllProfiles(topology).stores.filter(({ profile }) => profile !== undefined)
  const names = [...instances, ...stores, ...optional].map(({ name }) => name)
  const known = new Set([...names, 'links', 'chaos', databaseJob])
  const ofInstances = instances.flatMap((instance) => {
    const expected: Readonly<Record<string, unknown>> = partsOf(topology, instance)
    const actual = partsInFile(services[instance.name])
    return [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
      .filter((part) => !isDeepStrictEqual(expected[part], actual[part]))
      .map((part) => `${instance.name}.${part}`)
  })
  const entries = links.filter((link) => link.caller === client)
  const ports = [...entries.map((link) => localPort(0, link.portOffset)), proxyApiPort]
  const open = ports.map((port) => `127.0.0.1:${port}:${port}`)
  const closed = [...stores, ...optional].filter(
    ({ name, portOffset }) =>
      !published(services[name])[0]?.startsWith(`127.0.0.1:${localPort(0, portOffset)}:`),
  )
  // The controller ends first when the sandbox goes down.
  const started = Object.keys(services['chaos']?.depends_on ?? {})
  const never = optional.filter(
    ({ name }) =>
      services['chaos']?.depends_on?.[name]?.condition !== 'service_completed_successfully',
  )
  return [
    ...Object.keys(services).filter((name) => !known.has(name) && !isExtra(name)),
    ...ofInstances,
    ...closed.map(({ name }) => `${name}.ports`),
    ...(isDeepStrictEqual(published(services['links']), open) ? [] : ['links.ports']),
    ...never.map(({ name }) => `chaos.depends_on.${name}`),
    ...instances
      .filter(({ name }) => !started.includes(name))
      .map(({ name }) => `chaos.depends_on.${name}`),
  ]
}

/** The topology with one more instance of a service: its own port, and links like those of the first instance. */
function withAnother(service: string, name: string): Topology {
  const [first] = instancesOf(topology, service)
  if (first === undefined) throw new Error(`no ${service}`)
  const used = Math.max(...portOffsetsOf(topology))
  const links = topology.links
    .filter(({ caller, callee }) => [caller, callee].includes(first.name))
    .map((link, i) => {
      const { caller, callee, protocol } = link
      const [from, to] = [caller, callee].map((end) => (end === first.name ? name : end))
      const portOffset = used + 2 + i
      return { name: `${from}:${to}`, caller: from ?? '', callee: to ?? '', protocol, portOffset }
    })
  return {
    ...topology,
    instances: [...topology.instances, { ...first, name, portOffset: used + 1 }],
    links: [...topology.links, ...links],
  }
}

describe('docker-compose.yml against services/topology.ts', () => {
  it('has exactly the instances, stores and links, with their ports', () => {
    expect(differences(topology)).toEqual([])
  })

  const own = ['command', 'ports', 'healthcheck', 'environment.INSTANCE', 'environment.PORT']
  const urls = ['DATABASE_URL', 'REDIS_URL', 'PAYMENTS_URL'].map((name) => `environment.${name}`)

  it('a third worker needs a service with these parts, and a line in the controller', () => {
    expect(differences(withAnother('worker', 'worker-3'))).toEqual([
      ...[...own, ...urls].map((part) => `worker-3.${part}`),
      'chaos.depends_on.worker-3',
    ])
  })

  it('a third API also needs a published port of the links', () => {
    expect(differences(withAnother('api', 'api-3'))).toEqual([
      ...[...own, ...urls].map((part) => `api-3.${part}`),
      'links.ports',
      'chaos.depends_on.api-3',
    ])
  })

  it('a service that is not in the topology is a difference', () => {
    const instances = topology.instances.filter(({ name }) => name !== 'worker-2')
    expect(differences({ ...topology, instances })).toEqual(['worker-2'])
  })

  it('UNHAPPY_PORTS moves every port as a slot of the local runtime does', () => {
    const all = Object.values(services).flatMap((service) => service.ports ?? [])
    // The host of a workshop is not a part of the sandbox: its port stays.
    const moved = all.filter((port) => !/UNHAPPY_(PROXY_PORT|WORKSHOP)/.test(port))
    expect(moved.length).toBe(all.length - 2)
    for (const port of moved) expect(port.startsWith(`127.0.0.1:${chaosPorts}`)).toBe(true)
    // The two digits of the port offset follow the number.
    expect(localPort(1, 20)).toBe(Number(['201', '20'].join('')))
  })

  it('links.json leads from the port of each link to the port of its callee', () => {
    const text = readFileSync(new URL('links.json', import.meta.url), 'utf8')
    const entries = JSON.parse(text) as readonly Record<string, unknown>[]
    const all = withAllProfiles(topology).links
    expect(entries.map(({ name, optional = false }) => [name, optional])).toEqual(
      all.map(({ name, profile }) => [name, profile !== undefined]),
    )
    expect(entries).toContainEqual({
      name: 'worker-2:postgres',
      listen: '0.0.0.0:20060',
      upstream: 'postgres:5432',
      protocol: 'postgres',
      alternatives: ['postgres-replica:5432'],
    })
    expect(entries).toContainEqual({
      name: 'client:api-2',
      listen: '0.0.0.0:20021',
      upstream: 'api-2:20002',
      protocol: 'http',
    })
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
      for (const port of published(service)) expect(port.startsWith('127.0.0.1:')).toBe(true)
      expect(service.restart).toBe('no')
      expect(service.mem_limit).toMatch(/^\d+m$/)
    },
  )

  it('every service has a health check, except the jobs that end', () => {
    const blind = Object.keys(services).filter((name) => services[name]?.healthcheck === undefined)
    // The image of the collector has no program that could check it.
    expect(blind).toEqual([databaseJob, 'telemetry', 'collector'])
  })

  it('runs an init in every container of the unhappy-path image', () => {
    const ours = Object.values(services).filter(
      (service) => service.image === '${UNHAPPY_IMAGE:-unhappy-path}',
    )
    expect(ours.length).toBe(topology.instances.length + 5)
    expect(ours.every((service) => service.init === true)).toBe(true)
  })

  it('gives root and the socket of the engine to the controller alone', () => {
    const withSocket = Object.entries(services).filter(([, service]) =>
      service.volumes?.some((volume) => volume.includes('docker.sock')),
    )
    const withRoot = Object.entries(services).filter(([, service]) => service.user !== undefined)
    expect(withSocket.map(([name]) => name)).toEqual(['chaos'])
    // Both begin with as-owner, which gives root up.
    expect(withRoot.map(([name]) => name)).toEqual(['chaos', 'workshop'])
  })
})
