import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { profileNamed } from './profiles/profile-named.ts'
import {
  entriesOf,
  hasStore,
  instancesOfProfile,
  linksOfRequests,
  patternOfLink,
  portOffsetsOf,
  variableOf,
  withAllProfiles,
  withProfiles,
} from './topology.ts'
import type { Topology, TopologyLink } from './topology.ts'

const { topology: shop } = system

const link = (name: string): TopologyLink => {
  const [caller = '', callee = ''] = name.split(':')
  return { name, caller, callee, protocol: 'http', portOffset: 1 }
}
const instance = (name: string, service: string) => ({ name, service, main: '', portOffset: 1 })

/** A request passes gate and back. The clock calls back by itself. */
const chain: Topology = {
  instances: [instance('gate', 'gate'), instance('back', 'back'), instance('clock', 'clock')],
  stores: [],
  links: ['client:gate', 'gate:back', 'back:gate', 'clock:back'].map(link),
}

test('links of workers carry bytes without a request; all others of the shop need one', () => {
  const names = shop.links.map(({ name }) => name).filter((name) => !name.startsWith('worker-'))
  expect([...linksOfRequests(shop)]).toEqual(names)
})

test('a request also passes the links of instances behind the first one', () => {
  expect([...linksOfRequests(chain)]).toEqual(['client:gate', 'gate:back', 'back:gate'])
})

test('only instances that the client calls are entries', () => {
  expect(entriesOf(shop).map(({ name }) => name)).toEqual(['api-1', 'api-2'])
  expect(entriesOf(chain).map(({ name }) => name)).toEqual(['gate'])
})

test.each([
  ['worker-2:payments', 'worker-*:payments'],
  ['client:api-1', 'client:api-1'],
])('the link %s has the pattern %s', (name, pattern) => {
  const found = shop.links.find((one) => one.name === name)
  expect(found && patternOfLink(shop, found)).toBe(pattern)
})

test('a service with one instance needs no wildcard', () => {
  expect(patternOfLink(chain, link('back:gate'))).toBe('back:gate')
})

test('instances with names of their own have the pattern of their service', () => {
  const colours: Topology = {
    ...chain,
    instances: [instance('blue', 'web'), instance('red', 'web')],
  }
  expect(patternOfLink(colours, link('red:back'))).toBe('web:back')
})

test('a profile adds its parts, which carry its name', () => {
  const names = ({ stores, links }: Topology) => [...stores, ...links].map(({ name }) => name)
  expect(names(withProfiles(shop, []))).toEqual(names(shop))
  const on = withProfiles(shop, ['callbacks'])
  expect(names(on)).toEqual([...names(shop), 'payments:api-1'])
  expect(on.links.at(-1)?.profile).toBe('callbacks')
  // A second time adds nothing.
  expect(withProfiles(on, ['callbacks'])).toEqual(on)
})

test('every part has its own port, also those that run only when asked', () => {
  const offsets = portOffsetsOf(shop)
  expect(new Set(offsets).size).toBe(offsets.length)
  expect(offsets).toContain(12)
})

test.each([
  ['api-1:postgres', 'DATABASE_URL'],
  ['api-1:redis', 'REDIS_URL'],
  ['worker-1:payments', 'PAYMENTS_URL'],
  ['api-1:postgres-replica', 'POSTGRES_REPLICA_URL'],
  ['payments:api-1', 'CALLBACK_URL'],
])('the address of %s is in %s', (name, variable) => {
  const all = withAllProfiles(shop)
  const found = all.links.find((one) => one.name === name)
  expect(found && variableOf(all, found)).toBe(variable)
})

test('a profile changes only the instances that its links or its environment name', () => {
  const of = (name: string) =>
    instancesOfProfile(shop, profileNamed(shop, name)).map((instance) => instance.name)
  expect(of('postgres-replica')).toEqual(['api-1', 'api-2'])
  expect(of('callbacks')).toEqual(['api-1', 'api-2', 'payments'])
  expect(of('redis-replica')).toEqual([])
  const given = { name: 'more', description: '', environment: { worker: { MORE: '1' } } }
  expect(instancesOfProfile(shop, given).map(({ name }) => name)).toEqual(['worker-1', 'worker-2'])
})

test('a replica is not the store of its kind', () => {
  const replica = { name: 'copy', kind: 'redis', portOffset: 1, replicaOf: 'redis' } as const
  expect(hasStore({ ...chain, stores: [replica] }, 'redis')).toBe(false)
})
