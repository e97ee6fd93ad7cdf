import { expect, it } from 'vitest'

import { mainPorts } from './main-ports.ts'
import type { ObservedContainer } from './observed-container.ts'
import { instancesOfPlan, planAdoption } from './plan-adoption.ts'
import type { ProjectFacts } from './project-facts.ts'
import { containerOf } from './testing/container-of.ts'

type Given = Partial<Omit<ObservedContainer, 'networks'>> & {
  readonly service: string
  readonly on?: readonly string[]
  readonly aliases?: readonly string[]
  readonly linkNames?: readonly string[]
  /** The only address. */
  readonly ipv6?: string
}

function container({
  on = ['p_default'],
  aliases = [],
  linkNames = [],
  ipv6 = '',
  ...given
}: Given): ObservedContainer {
  const name = given.name ?? `p-${given.service}-${given.number ?? 1}`
  return containerOf({
    networkMode: on[0] ?? 'none',
    ...given,
    networks: on.map((network) => ({
      name: network,
      address: ipv6 === '' ? '10.0.0.2' : '',
      ipv6,
      gateways: [],
      names: [given.service, name, ...aliases],
      linkNames,
    })),
  })
}

const postgres = { image: 'postgres:18', exposed: ['5432/tcp'] }

function plan(given: readonly Given[], more: Partial<ProjectFacts> = {}) {
  const containers = given.map(container)
  return planAdoption({
    project: 'p',
    containers,
    services: containers.map(({ service }) => service),
    externalNetworks: [],
    listening: new Map(),
    connected: new Set(),
    mountedText: () => '',
    protocolOf: (_, port) => (port === 5432 ? 'postgres' : 'bytes'),
    ...more,
  })
}

const web = { service: 'web', exposed: ['3000/tcp'], published: ['3000/tcp'] }
const db = { service: 'db', ...postgres, aliases: ['database'] }

it('links a caller to a store by all of its names, and clients to what is published', () => {
  const { links, members } = plan([web, db])
  expect(links.map(({ name, port, protocol }) => [name, port, protocol])).toEqual([
    ['client:web', 3000, 'bytes'],
    ['web:db', 5432, 'postgres'],
  ])
  expect(members.find(({ service }) => service === 'web')?.networks).toEqual([
    {
      name: 'unhappy_p_web',
      names: ['db', 'db.p_default', 'p-db-1', 'p-db-1.p_default', 'database', 'database.p_default'],
    },
  ])
})

it('links clients to what speaks HTTP when no service publishes a port', () => {
  const inside = { service: 'api', exposed: ['3000/tcp', '9100/tcp'] }
  const speaks = {
    protocolOf: (_: string, port: number) => (port === 9100 ? 'http' : 'bytes'),
  } as const
  const { links } = plan([inside, { ...db, published: ['5432/tcp'] }], speaks)
  expect(links.filter(({ caller }) => caller === 'client')).toEqual([
    {
      name: 'client:api',
      caller: 'client',
      callee: 'api',
      port: 9100,
      protocol: 'http',
      requiresTls: false,
    },
  ])
  expect(plan([inside, web], speaks).links.map(({ name }) => name)).not.toContain('client:api')
})

it('takes EXPOSE as a hint: without a process that listens, the names lead to the service itself', () => {
  const worker = { service: 'worker', exposed: ['3000/tcp'] }
  const listening = new Map([
    ['web', []],
    ['worker', []],
    ['db', []],
  ])
  const { links, leftAlone, members } = plan([web, worker, db], { listening })
  expect(links.map(({ name }) => name)).toEqual(['client:web', 'web:db', 'worker:db', 'worker:web'])
  expect(members.flatMap(({ networks }) => networks.flatMap(({ names }) => names))).not.toContain(
    'worker',
  )
  expect(leftAlone).toContainEqual({
    what: 'links to worker',
    why: expect.stringContaining('nothing listens (it only exposes 3000)'),
  })
})

it('gives two callees with the same port two networks', () => {
  const { links } = plan([web, { service: 'db1', ...postgres }, { service: 'db2', ...postgres }])
  const networks = links.map(({ name, network }) => [name, network])
  expect(networks).toContainEqual(['web:db1', 'unhappy_p_web'])
  expect(networks).toContainEqual(['web:db2', 'unhappy_p_web_2'])
})

it('leaves TLS alone when the environment of the caller requires it', () => {
  const url = 'DATABASE_URL=postgres://u:p@database/shop?sslmode=require'
  const { links } = plan([{ ...web, environment: [url] }, { service: 'job' }, db])
  const required = links.filter(({ requiresTls }) => requiresTls)
  expect(required.map(({ name }) => name)).toEqual(['web:db'])
})

it('names further ports of a callee', () => {
  const { links } = plan([{ service: 'a' }, { service: 'b', exposed: ['80/tcp'] }], {
    listening: new Map([['b', [80, 9100]]]),
  })
  expect(links.map(({ name }) => name)).toEqual(['a:b', 'a:b.9100'])
})

it('puts no link between services that share no network', () => {
  const { links } = plan([
    { ...web, on: ['p_front'] },
    { ...db, on: ['p_back'] },
  ])
  expect(links.map(({ name }) => name)).toEqual(['client:web'])
})

it('leads to any replica, and leaves the names of single replicas alone', () => {
  const given = plan([{ service: 'job' }, { ...web, number: 1 }, { ...web, number: 2 }])
  expect(given.links.map(({ name }) => name)).toEqual(['client:web', 'job:web'])
  expect(given.members[0]?.networks[0]?.names).toEqual(['web', 'web.p_default'])
  expect(given.leftAlone.map(({ what }) => what)).toContain(
    'names of single replicas (p-web-1, p-web-2)',
  )
  expect(instancesOfPlan(given).map(({ name }) => name)).toEqual(['job', 'web-1', 'web-2'])
})

it.each([
  ['host', { service: 'x', networkMode: 'host', on: ['host'] }],
  ['shares the network', { service: 'x', networkMode: 'container:abc', on: [] }],
  ['no container', { service: 'x', running: false }],
  ['no TCP port', { service: 'x' }],
  ['UDP', { service: 'x', exposed: ['53/udp'] }],
  ['IPv6', { service: 'x', ipv6: 'fd00::2' }],
  ['links of web', { service: 'x', networkMode: 'container:web1', on: [] }],
  ['bridge', { service: 'x', networkMode: 'bridge', on: ['bridge'] }],
] satisfies readonly [string, Given][])('leaves alone, and says why: %s', (why, given) => {
  const { leftAlone, links } = plan([web, given])
  expect(leftAlone.find((one) => one.why.includes(why))?.what).toContain('x')
  expect(links.filter(({ callee }) => callee === 'x')).toEqual([])
})

it('names the names that `links:` of the project takes', () => {
  const { leftAlone } = plan([{ ...web, linkNames: ['legacy'] }, db])
  expect(leftAlone.map(({ what }) => what)).toContain('names in `links:` of web (legacy)')
})

it('names external networks', () => {
  const { leftAlone } = plan([web], { externalNetworks: ['shared'] })
  expect(leftAlone).toContainEqual({
    what: 'network shared',
    why: 'external: containers of other projects on it have no links',
  })
})

it('an instance is ready by the port on which it listens: not by one that its image only names', () => {
  const found = plan([
    { service: 'web', exposed: ['3000/tcp'] },
    { service: 'worker', exposed: ['3000/tcp'] },
    { service: 'admin', exposed: ['3000/tcp'] },
    db,
  ])
  const listening = new Map([
    ['web', [3000]],
    ['admin', [9000]],
  ])
  expect(mainPorts(found, listening)).toEqual(
    new Map([
      ['web', 3000],
      ['db', 5432],
    ]),
  )
})

it('a service that is still starting is ready by the port that it publishes', () => {
  const slow = { service: 'slow', exposed: ['9229/tcp', '3000/tcp'], published: ['3000/tcp'] }
  const found = plan([slow])
  expect(mainPorts(found, new Map([['slow', []]]))).toEqual(new Map([['slow', 3000]]))
})

/** Services that all listen on one port: each callee of a caller needs a network of its own. */
const many = (count: number, more: Partial<Given> = {}): readonly Given[] =>
  Array.from({ length: count }, (_, at) => ({
    service: `s${String(at).padStart(2, '0')}`,
    exposed: ['3000/tcp'],
    ...(at === 0 ? more : {}),
  }))
const networksOf = ({ members }: ReturnType<typeof plan>): number =>
  members.reduce((sum, { networks }) => sum + networks.length, 0)

it('few services on one port are all linked with each other', () => {
  const { links, leftAlone } = plan(many(6), {
    mountedText: () => {
      throw new Error('no file of the user is read without a reason')
    },
  })
  expect([links.filter(({ caller }) => caller !== 'client').length, leftAlone]).toEqual([30, []])
})

it.each<[string, Partial<Given>, Partial<ProjectFacts>]>([
  ['environment', { environment: ['UPSTREAM=http://s19:3000/x'] }, {}],
  ['command', { command: ['node', 'app.js', '--peer', 's19:3000'] }, {}],
  ['depends_on', { dependsOn: ['s19'] }, {}],
  ['an open connection', {}, { connected: new Set(['s00 s19']) }],
  [
    'a mounted file',
    {},
    { mountedText: (of) => (of === 's00' ? 'proxy_pass http://s19:3000;' : '') },
  ],
])('many services on one port: a callee gets a network if %s shows it', (_, given, facts) => {
  const found = plan(many(20, given), facts)
  expect(networksOf(found)).toBeLessThanOrEqual(21)
  const named = found.links.map(({ name }) => name)
  expect(named).toContain('s00:s19')
  expect(named).not.toContain('s01:s19')
  expect(found.leftAlone.map(({ what }) => what)).toContainEqual(
    expect.stringMatching(/^links from s01 to .*\bs19$/),
  )
})

it('many services: a callee with a port of its own needs no reason', () => {
  const { links } = plan([...many(20), { service: 'db', ...postgres }])
  expect(links.filter(({ callee }) => callee === 'db')).toHaveLength(20)
})
