import { expect, it } from 'vitest'

import { judgeConnections } from './judge-connections.ts'
import { connectionsIn } from './read-connections.ts'

const containers = [
  { id: 'a', service: 'api', pid: 1, addresses: ['10.0.0.2', '10.231.0.3'] },
  { id: 'r', service: 'redis', pid: 2, addresses: ['10.0.0.3'] },
]
const links = ['10.231.0.2']
/** Lines of `/proc/net/tcp`: 10.0.0.2:41000 to each remote end. */
const table = (...lines: readonly (readonly [local: string, remote: string, state: string])[]) =>
  connectionsIn(
    lines
      .map(
        ([local, remote, state], at) => `   ${at}: ${local} ${remote} ${state} 00000000:00000000`,
      )
      .join('\n'),
  )
const own = '0200000A:A028'
const toRedis = '0300000A:18EB'
const toLinks = '0200E70A:18EB'

it('finds a connection past the links, and counts one that passes them', () => {
  const now = new Map([['a', table([own, toRedis, '01'], ['0300E70A:A029', toLinks, '01'])]])
  const judged = judgeConnections(now, new Map(), { containers, links })
  expect([...judged.bypasses]).toEqual([['api:redis 6379', 1]])
  expect([...judged.direct]).toEqual([['api:redis 6379', 1]])
  expect([...judged.linked]).toEqual([['api 6379', 1]])
})

it('also finds one that was closed in the last minute', () => {
  const now = new Map([['a', table([own, toRedis, '06'])]])
  const judged = judgeConnections(now, new Map(), { containers, links })
  expect([...judged.bypasses]).toEqual([['api:redis 6379', 1]])
  expect([...judged.direct]).toEqual([])
})

it('does not blame one that was open before', () => {
  const open = new Map([['a', table([own, toRedis, '01'])]])
  const judged = judgeConnections(open, open, { containers, links })
  expect([...judged.bypasses]).toEqual([])
  expect([...judged.direct]).toEqual([['api:redis 6379', 1]])
})

it('does not count what a container accepts', () => {
  const listens = ['00000000:A028', '00000000:0000', '0A'] as const
  const now = new Map([['a', table(listens, [own, toRedis, '01'])]])
  expect([...judgeConnections(now, new Map(), { containers, links }).bypasses]).toEqual([])
})
