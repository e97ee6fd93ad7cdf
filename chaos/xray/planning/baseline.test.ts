import { expect, test } from 'vitest'

import type { ExchangeEvent } from '#chaos/contracts/links.ts'
import { system } from '#chaos/system.ts'

import type { ObservedFlow } from '../observe-flow.ts'
import { readBaseline } from './baseline.ts'
import { columns, type MatrixColumn } from './columns.ts'
import { trapAt } from './trap-at.ts'

const { topology } = system

/** One line per exchange, `link signature tag`, in the order of the requests. Behind `<`, only the reply carries the tag. */
function run(key: string, text: string): ObservedFlow {
  const exchanges: ObservedFlow['exchanges'] = []
  text
    .trim()
    .split('\n')
    .forEach((line, i) => {
      const [link = '', rest = ''] = line.trim().split(/ (.*)/)
      const [signature = '', tag = ''] = rest.split('|').map((part) => part.trim())
      const byReply = tag.startsWith('<')
      const base = {
        type: 'exchange',
        link,
        connection: 1,
        exchange: i,
        signature,
        bytes: 1,
        atMs: i,
      } as const
      const carried = tag === '' ? {} : { transaction: key }
      exchanges.push(
        { event: { ...base, part: 'request', ...(byReply ? {} : carried) }, atMs: i },
        { event: { ...base, part: 'reply', ...carried }, atMs: i + 0.5 },
      )
    })
  return { key, startMs: 0, exchanges } as unknown as ObservedFlow
}

const idle = {
  exchanges: ['SELECT outbox', 'bullmq moveToActive'].map((signature): ExchangeEvent => ({
    type: 'exchange',
    link: signature.startsWith('bullmq') ? 'worker-1:redis' : 'worker-1:postgres',
    connection: 1,
    exchange: 1,
    part: 'request',
    signature,
    bytes: 1,
    atMs: 0,
  })),
  seconds: 2,
}

const order = `
client:api-1 POST /orders | x
api-1:postgres BEGIN
api-1:postgres SELECT products
api-1:postgres INSERT orders | x
api-1:postgres COMMIT | x
worker-1:postgres SELECT outbox
worker-1:redis bullmq addJob | x
worker-2:redis bullmq moveToActive | <x
worker-2:redis bullmq moveToActive
worker-2:postgres UPDATE orders | x
worker-2:postgres UPDATE orders | x`

test('a step is an exchange that every run has, by service and with its number in the order', () => {
  const { steps, background } = readBaseline(
    [run('a', order), run('b', order.replaceAll('worker-2', 'worker-1')), run('c', order)],
    idle,
    topology,
  )
  expect(steps.map(({ id, key, matchedBy }) => `${id} ${key} ${matchedBy}`)).toEqual([
    's01 client:api|POST /orders|1 payload',
    's02 api:postgres|BEGIN|~1 alone',
    's03 api:postgres|SELECT products|~1 alone',
    's04 api:postgres|INSERT orders|1 payload',
    's05 api:postgres|COMMIT|1 payload',
    's06 worker:redis|bullmq addJob|1 payload',
    's07 worker:redis|bullmq moveToActive|~1 reply',
    's08 worker:postgres|UPDATE orders|1 payload',
    's09 worker:postgres|UPDATE orders|2 payload',
  ])
  expect(background.map(({ key, because }) => `${key} ${because}`)).toEqual([
    'worker:postgres|SELECT outbox idle',
    'worker:redis|bullmq moveToActive idle',
  ])
})

test('a request is also counted among the requests with the key: before it arrives, no reply of it can be counted', () => {
  const text = `
worker-1:postgres UPDATE orders | <x
worker-1:postgres UPDATE orders | x
worker-1:postgres UPDATE orders | x
worker-1:postgres COMMIT | x`
  const { steps } = readBaseline([run('a', text), run('b', text)], idle, topology)
  const phases = ['before', 'after'] as const
  const counted = steps.slice(1).map((step) =>
    phases.map((phase) => {
      const column = columns.find((one) => one.phase === phase) as MatrixColumn
      return trapAt(step, column, topology).nth
    }),
  )
  expect(counted).toEqual([
    [1, 2],
    [2, 3],
    [1, 1],
  ])
})

test('a message without a key is counted from an earlier exchange with a key', () => {
  const { steps } = readBaseline([run('a', order), run('b', order)], idle, topology)
  const anchorOf = (signature: string) => steps.find((step) => step.signature === signature)?.anchor
  expect(anchorOf('BEGIN')).toEqual({ link: 'client:api', signature: 'POST /orders', nth: 1 })
  expect(anchorOf('bullmq moveToActive')).toEqual({
    link: 'worker:redis',
    signature: 'bullmq addJob',
    nth: 1,
  })
  expect(anchorOf('COMMIT')).toBeUndefined()
})

test('whether a reply carries the key may depend on chance: the step is the same', () => {
  const text = (found: boolean): string => `
client:api-1 POST /orders | x
worker-1:postgres SELECT jobs ${found ? '| <x' : ''}
worker-1:postgres SELECT jobs | <x`
  const steps = [
    [true, true],
    [true, false],
  ].map((found) => {
    const runs = found.map((one, i) => run(String(i), text(one)))
    const read = readBaseline(runs, idle, topology).steps
    return read.map(({ key, nth, anchor }) => ({ key, nth, anchor }))
  })
  const anchor = { link: 'client:api', signature: 'POST /orders' }
  expect(steps[0]?.slice(1)).toEqual([
    { key: 'worker:postgres|SELECT jobs|~1', nth: 1, anchor: { ...anchor, nth: 1 } },
    { key: 'worker:postgres|SELECT jobs|~2', nth: 2, anchor: { ...anchor, nth: 2 } },
  ])
  expect(steps[1]).toEqual(steps[0])
})

test('an exchange that only some runs have is listed as unstable and is not a step', () => {
  const { steps, background } = readBaseline(
    [run('a', order), run('b', `${order}\nworker-2:redis DEL | x`)],
    idle,
    topology,
  )
  expect(steps.some(({ signature }) => signature === 'DEL')).toBe(false)
  expect(background.at(-1)).toEqual({
    key: 'worker:redis|DEL|1',
    perSecond: 0,
    because: 'unstable',
  })
})

test('a database transaction without the key of the order is not part of the flow', () => {
  const other = `${order}
worker-1:postgres BEGIN
worker-1:postgres SELECT outbox FOR UPDATE
worker-1:postgres COMMIT`
  const { steps } = readBaseline([run('a', other), run('b', other)], idle, topology)
  expect(steps.filter(({ link }) => link === 'worker:postgres').map(({ key }) => key)).toEqual([
    'worker:postgres|UPDATE orders|1',
    'worker:postgres|UPDATE orders|2',
  ])
})
