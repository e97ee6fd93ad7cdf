import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { entriesOf, linksOfRequests, patternOfLink } from './topology.ts'
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
