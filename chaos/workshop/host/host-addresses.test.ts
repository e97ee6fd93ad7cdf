import { expect, test } from 'vitest'

import { hostAddresses, localAddress, ownAddresses } from './host-addresses.ts'

test.for([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
  ['192.0.2.10', '192.0.2.10'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
] as const)('this machine reaches a host that listens on %s at %s', ([address, expected]) => {
  expect(localAddress(address)).toBe(expected)
})

test('names are first, in the form that a Host header has', () => {
  const names = ['MyHost.local', '2001:db8::1']
  expect(hostAddresses({ address: '192.0.2.10', names })).toEqual([
    'myhost.local',
    '[2001:db8::1]',
    '192.0.2.10',
  ])
})

test('addresses of bridges to containers are left out', () => {
  const one = (address: string) => [{ family: 'IPv4' as const, internal: false, address }]
  const interfaces = {
    eth0: one('192.0.2.10'),
    docker0: one('172.17.0.1'),
    'br-0a1b2c3d4e5f': one('172.18.0.1'),
    br0: one('192.0.2.11'),
  }
  expect(ownAddresses(interfaces)).toEqual(['192.0.2.10', '192.0.2.11'])
  expect(ownAddresses({ docker0: one('172.17.0.1') })).toEqual(['127.0.0.1'])
})

test.for([
  [[], ['127.0.0.1']],
  [['192.0.2.10'], ['192.0.2.10']],
] as const)('in a container with the names %j the addresses are %j', ([names, expected]) => {
  expect(hostAddresses({ address: '0.0.0.0', names, isInContainer: true })).toEqual(expected)
})

test.for(['192.0.2.10:80', 'http://example.com', 'a b', 'user@example.com', ''])(
  '"%s" is not a name',
  (name) => {
    expect(() => hostAddresses({ address: '127.0.0.1', names: [name] })).toThrow(
      /not a valid host name/,
    )
  },
)
