import { expect, test } from 'vitest'

import { addressesOf, connectionsOfInstance } from './address.ts'

test('an end without a connection has no address, and IPv4 in IPv6 is IPv4', () => {
  const client = { remoteAddress: '::ffff:10.231.0.3' }
  expect(addressesOf(client, null)).toEqual({ caller: '10.231.0.3' })
  expect(addressesOf(client, { remoteAddress: 'fd00::2' })).toEqual({
    caller: '10.231.0.3',
    callee: 'fd00::2',
  })
})

const link = (callers: readonly (string | undefined)[]) => ({
  name: 'worker:postgres',
  connections: callers.map((caller, id) => ({
    id,
    addresses: { ...(caller === undefined ? {} : { caller }), callee: '10.0.0.9' },
  })),
})
const idsOf = (
  ...request: Parameters<typeof connectionsOfInstance<{ id: number; addresses: object }>>
) => connectionsOfInstance(...request).map(({ id }) => id)

test('of replicas, only the connections of one are those of the instance', () => {
  const replicas = link(['10.0.0.2', '10.0.0.3', '10.0.0.2', undefined])
  expect(idsOf(replicas, 'worker', '10.0.0.2')).toEqual([0, 2])
  // On this link the instance has another address: which one, is not known.
  expect(idsOf(replicas, 'worker', '10.5.0.2')).toEqual([])
  expect(idsOf(replicas, 'postgres', '10.0.0.9')).toEqual([0, 1, 2, 3])
})

test('without replicas, every connection is of the instance', () => {
  expect(idsOf(link(['10.0.0.2', '10.0.0.2', undefined]), 'worker', '10.5.0.2')).toEqual([0, 1, 2])
  expect(idsOf(link(['10.0.0.2']), 'api', undefined)).toEqual([])
})
