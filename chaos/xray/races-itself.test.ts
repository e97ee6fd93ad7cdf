import { expect, test } from 'vitest'

import type { Placed } from './place-watched.ts'
import { racesItself } from './races-itself.ts'

const held = { link: 'worker-1:redis', connection: 3, exchange: 'bullmq moveToActive' }

interface Other {
  readonly link?: string
  readonly key?: string
  readonly atMs?: number
  readonly signature?: string
}

function placed(other: Other): Placed {
  const { link = 'worker-1:postgres', key = 'o-1', atMs = 12, signature = 'COMMIT' } = other
  return {
    key: 'o-1',
    sprung: { event: { type: 'trap', what: 'sprung', id: 't', ...held }, atMs: 10 },
    exchanges: [
      { event: { link, connection: 3, signature, part: 'request', transaction: key }, atMs },
    ],
    instances: [{ event: { type: 'instance', instance: 'worker-1', state: 'exited' }, atMs: 20 }],
  } as unknown as Placed
}

test('who goes on with the order elsewhere while its message is held, and dies, races itself', () => {
  expect(racesItself(placed({}), 'all')).toBe(true)
})

test('what others do, what was before or after, and the held message itself do not count', () => {
  expect(racesItself(placed({ link: 'worker-2:postgres' }), 'all')).toBe(false)
  expect(racesItself(placed({ key: 'o-2' }), 'all')).toBe(false)
  expect(racesItself(placed({ atMs: 9 }), 'all')).toBe(false)
  expect(racesItself(placed({ atMs: 21 }), 'all')).toBe(false)
  expect(
    racesItself(placed({ link: 'worker-1:redis', signature: 'bullmq moveToActive' }), 'all'),
  ).toBe(false)
})

test('without a death or a trap there is no race', () => {
  expect(racesItself({ ...placed({}), instances: [] }, 'all')).toBe(false)
  const { sprung: _, ...untouched } = placed({})
  expect(racesItself(untouched, 'all')).toBe(false)
})

test('of the queue alone only what the queue has done counts', () => {
  const addJob = { link: 'worker-1:redis', signature: 'bullmq addJob' }
  expect(racesItself(placed(addJob), 'queue')).toBe(true)
  expect(racesItself(placed({}), 'queue')).toBe(false)
})
