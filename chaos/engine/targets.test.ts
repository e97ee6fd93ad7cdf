import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { resolveTargets } from './targets.ts'

const { topology } = system

test.each([
  ['link', 'api-1:postgres', ['api-1:postgres']],
  ['link', 'worker-*:payments', ['worker-1:payments', 'worker-2:payments']],
  ['link', 'api:redis', ['api-1:redis', 'api-2:redis']],
  ['link', 'api-1:*', ['api-1:postgres', 'api-1:redis', 'api-1:payments']],
  ['link', 'client:*', ['client:api-1', 'client:api-2']],
  ['link', 'api-1:redis, worker-1:redis', ['api-1:redis', 'worker-1:redis']],
  ['instance', 'worker-*', ['worker-1', 'worker-2']],
  ['instance', 'worker', ['worker-1', 'worker-2']],
  ['instance', 'redis', ['redis']],
  ['store', 'postgres', ['postgres']],
] as const)('the %s pattern %s matches %j', (kind, pattern, names) => {
  expect(resolveTargets(topology, kind, pattern)).toEqual(names)
})

test('* matches every link', () => {
  expect(resolveTargets(topology, 'link', '*')).toHaveLength(14)
})

test('the error about an unknown link suggests the nearest link', () => {
  expect(() => resolveTargets(topology, 'link', 'api-1:postgre')).toThrow(
    /"api-1:postgre".*"api-1:postgres"/,
  )
})

test('the error about a reversed link names the right one', () => {
  expect(() => resolveTargets(topology, 'link', 'postgres:api-1')).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('api-1:postgres') }),
  )
})

test('the error about an instance in place of a link names its links', () => {
  expect(() => resolveTargets(topology, 'link', 'api-1')).toThrow(
    expect.objectContaining({ remedy: expect.stringMatching(/api-1:\*.*\*:api-1/) }),
  )
})

test('the error about an unknown instance suggests the nearest instance', () => {
  expect(() => resolveTargets(topology, 'instance', 'aip-1')).toThrow(/"aip-1".*"api-1"/)
})

test('a service means its instances, whatever their names are', () => {
  const of = (name: string) => ({ name, service: 'web', main: '', portOffset: 1 })
  const links = [
    { name: 'blue:red', caller: 'blue', callee: 'red', protocol: 'http' as const, portOffset: 2 },
  ]
  const colours = { instances: [of('blue'), of('red')], stores: [], links }
  expect(resolveTargets(colours, 'instance', 'web')).toEqual(['blue', 'red'])
  expect(resolveTargets(colours, 'link', 'web:red')).toEqual(['blue:red'])
  expect(() => resolveTargets(colours, 'link', 'green')).toThrow('green')
})

test('the examples of an error are links of the topology', () => {
  const remedy = expect.stringContaining('api-1:postgres or worker-*:payments')
  expect(() => resolveTargets(topology, 'link', 'nowhere')).toThrow(
    expect.objectContaining({ remedy }) as Error,
  )
})
