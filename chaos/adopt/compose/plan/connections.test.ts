import { expect, test } from 'vitest'

import { countDirect, directSockets, keysOf, ownKeyOf } from './connections.ts'
import type { DirectSocket } from './connections.ts'
import type { SocketEntry } from './socket-table.ts'
import { containerOf } from './testing/container-of.ts'

const open = (local: string, remote: string): SocketEntry => ({
  state: 'open',
  local: endOf(local),
  remote: endOf(remote),
})
const endOf = (text: string): SocketEntry['local'] => {
  const at = text.lastIndexOf(':')
  return { address: text.slice(0, at), port: Number(text.slice(at + 1)) }
}

const network = (address: string) => ({
  name: 'p_default',
  address,
  ipv6: '',
  gateways: ['10.0.0.1'],
  names: [],
  linkNames: [],
})
const web = containerOf({ service: 'web', networks: [network('10.0.0.2')] })
const db = containerOf({
  service: 'db',
  networks: [{ ...network('10.0.0.3'), ipv6: 'fd00::3' }],
  hostPorts: [{ port: 5432, hostPort: 15_432 }],
})
const hostly = containerOf({ service: 'hostly', networkMode: 'host', networks: [] })
const link = { callee: 'db', port: 5432 } as never

/** What is direct when the table of db has these remote ends, and other tables have those sockets. */
function directOf(
  remotes: readonly string[],
  others: Readonly<Record<string, readonly SocketEntry[]>> = {},
) {
  return socketsOf(remotes, others).map(({ caller, address, container }) => [
    caller,
    address,
    container,
  ])
}

function socketsOf(
  remotes: readonly string[],
  others: Readonly<Record<string, readonly SocketEntry[]>>,
  before: ReadonlySet<string> = new Set(),
): readonly DirectSocket[] {
  const table = remotes.map((remote) =>
    open(remote.startsWith('fd00') ? 'fd00::3:5432' : '10.0.0.3:5432', remote),
  )
  return directSockets(
    { links: [link] },
    {
      containers: [web, db, hostly],
      sockets: new Map([['db1', table], ...Object.entries(others)]),
      linkAddresses: ['10.231.0.62'],
      hostAddresses: ['172.17.0.1', '192.168.1.5'],
      before,
    },
  )
}

test('connections of the links, of the loopback device and of other ports are none', () => {
  expect(directOf(['10.231.0.62:40000', '127.0.0.1:40000'])).toEqual([])
  const facts = {
    containers: [db],
    linkAddresses: [],
    hostAddresses: [],
    before: new Set<string>(),
  }
  const other = new Map([['db1', [open('10.0.0.3:9999', '10.0.0.2:40000')]]])
  expect(directSockets({ links: [link] }, { ...facts, sockets: other })).toEqual([])
})

test('a container of the project is named with the address that it has opened', () => {
  expect(directOf(['10.0.0.2:40000'])).toEqual([['web', '10.0.0.3:5432', 'web1']])
})

test('a published port is opened through the host, and its caller is found in its own table', () => {
  const others = { web1: [open('10.0.0.2:50000', '172.17.0.1:15432')] }
  expect(directOf(['10.0.0.1:40000', '10.0.0.1:40001'], others)).toEqual([
    ['web', '172.17.0.1:15432', 'web1'],
    ['host', '10.0.0.3:5432', undefined],
  ])
})

// The callee's table has them in any sequence, because the kernel hashes their ports.
test.each([
  ['the caller first', ['10.0.0.1:40000', '10.0.0.1:40001']],
  ['a program of the host first', ['10.0.0.1:40001', '10.0.0.1:40000']],
])('through a published port, %s: the caller that connects again is the new one', (_, ends) => {
  const web = (port: number) => ({ web1: [open(`10.0.0.2:${port}`, '172.17.0.1:15432')] })
  const first = socketsOf(ends, web(50_000))
  const before = keysOf(first)
  // The program of the host keeps 40001. The other one was cut, and its caller is back.
  const later = socketsOf(['10.0.0.1:40001', '10.0.0.1:40002'], web(50_001), before)
  const ofWeb = (sockets: readonly DirectSocket[]) =>
    sockets.filter(({ caller }) => caller === 'web').map(ownKeyOf)
  expect(ofWeb(later)).not.toEqual(ofWeb(first))
  expect(countDirect(later, before)).toMatchObject([
    { caller: 'host', opened: 'before', count: 1 },
    { caller: 'web', opened: 'since', count: 1 },
  ])
})

test('the table of a container on the host network names no caller: it has every process of the host', () => {
  const others = { hostly1: [open('127.0.0.1:50000', '192.168.1.5:15432')] }
  expect(directOf(['192.168.1.5:40000'], others)).toEqual([['host', '10.0.0.3:5432', undefined]])
})

test('an unknown address is the caller', () => {
  expect(directOf(['10.9.9.9:40000'])).toEqual([['10.9.9.9', '10.0.0.3:5432', undefined]])
})

test('connections are counted by caller, address and when they were opened', () => {
  const sockets = ['a', 'b', 'c'].map((key) => ({
    key,
    caller: 'web',
    callee: 'db',
    port: 5432,
    address: '10.0.0.3:5432',
  }))
  const counts = countDirect(sockets, new Set(['a', 'b']))
  expect(counts.map(({ opened, count }) => [opened, count])).toEqual([
    ['before', 2],
    ['since', 1],
  ])
})
