import { expect, it } from 'vitest'

import { chooseSubnets, linksAddressIn, routesOf } from './choose-subnets.ts'
import { knownProtocol, storeKindOf } from './known-protocol.ts'
import { canonicalIpv6, listeningPorts, parseSocketTable } from './socket-table.ts'

it.each([
  ['postgres:18', 5432, 'postgres'],
  ['registry.local:5000/acme/postgis:16-3.4', 5432, 'postgres'],
  ['acme-db', 5432, 'postgres'],
  ['postgres:18', 9187, 'bytes'],
  ['bitnami/redis', 6379, 'redis'],
  ['valkey/valkey:8', 6379, 'redis'],
  ['mysql:8', 3306, 'bytes'],
  ['edoburu/pgbouncer', 6432, 'postgres'],
  ['acme-web', 3000, undefined],
])('knows the protocol of %s on port %i: %s', (image, port, protocol) => {
  expect(knownProtocol(image, port)).toBe(protocol)
})

it.each([
  ['postgres:18', 'postgres'],
  ['docker.io/library/redis:8', 'redis'],
  ['node:24-slim', undefined],
  ['edoburu/pgbouncer', undefined],
])('knows the store in %s: %s', (image, kind) => {
  expect(storeKindOf(image)).toBe(kind)
})

it('reads listening and open sockets of both versions of IP', () => {
  const table = parseSocketTable(`
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:A3A5 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
   1: 030012AC:9C40 020012AC:1538 01 00000000:00000000 00:00000000 00000000     0        0 2
   2: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 0 0 0 0
   3: 0000000000000000FFFF0000030012AC:0BB8 0000000000000000FFFF0000040012AC:C350 01 0 0 0 0
   4: 030012AC:9C42 020012AC:1538 06 00000000:00000000 00:00000000 00000000     0        0 2`)
  expect(listeningPorts(table)).toEqual([3000])
  expect(table.filter(({ state }) => state === 'open')).toEqual([
    {
      state: 'open',
      local: { address: '172.18.0.3', port: 40_000 },
      remote: { address: '172.18.0.2', port: 5432 },
    },
    {
      state: 'open',
      local: { address: '172.18.0.3', port: 3000 },
      remote: { address: '172.18.0.4', port: 50_000 },
    },
  ])
})

it.each([
  ['0000000000000000FFFF0000030012AC:0BB8', '172.18.0.3'],
  ['000000FD000000000000000002000000:0BB8', 'fd00::2'],
  ['00000000000000000000000001000000:0BB8', '::1'],
  ['00000000000000000000000000000000:0BB8', '::'],
])('reads the address %s as %s', (text, address) => {
  const [entry] = parseSocketTable(`0: ${text} ${text} 01`)
  expect(entry?.local).toEqual({ address, port: 3000 })
})

it('knows one text for each IPv6 address', () => {
  expect(canonicalIpv6('FD00:0:0::0002')).toBe('fd00::2')
  expect([canonicalIpv6(''), canonicalIpv6('x')]).toEqual(['', ''])
})

it('chooses subnets that overlap nothing', () => {
  expect(chooseSubnets(2, [])).toEqual(['10.231.0.0/26', '10.231.0.64/26'])
  expect(chooseSubnets(1, ['10.231.0.0/24'])).toEqual(['10.231.1.0/26'])
  expect(chooseSubnets(1, ['10.231.0.70/32', '10.231.0.0/27'])).toEqual(['10.231.0.128/26'])
  expect(chooseSubnets(1, ['10.0.0.0/8'])).toEqual(['172.31.128.0/26'])
  expect(() => chooseSubnets(1, ['0.0.0.0/1', '128.0.0.0/1'])).toThrow(/docker network prune|free/)
})

it('gives the links the last address of a subnet', () => {
  expect(linksAddressIn('10.231.0.64/26')).toBe('10.231.0.126')
})

it('reads the routes of the machine', () => {
  const text =
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n' +
    'eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\n' +
    'tun0\t0000E70A\t00000000\t0001\t0\t0\t0\t0000FFFF\n'
  expect(routesOf(text)).toEqual(['10.231.0.0/16'])
})
