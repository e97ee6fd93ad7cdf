import { expect, test } from 'vitest'

import type { Placed } from './place-watched.ts'
import { racesItself } from './races-itself.ts'

const held = { link: 'worker-1:redis', connection: 3, exchange: 'bullmq moveToActive' }

function placed(other: { link?: string; key?: string; atMs?: number; signature?: string }) {
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
  expect(racesItself(placed({}))).toBe(true)
})

test('what others do, what was before or after, and the held message itself do not count', () => {
  expect(racesItself(placed({ link: 'worker-2:postgres' }))).toBe(false)
  expect(racesItself(placed({ key: 'o-2' }))).toBe(false)
  expect(racesItself(placed({ atMs: 9 }))).toBe(false)
  expect(racesItself(placed({ atMs: 21 }))).toBe(false)
  expect(racesItself(placed({ link: 'worker-1:redis', signature: 'bullmq moveToActive' }))).toBe(
    false,
  )
})

test('without a death or a trap there is no race', () => {
  expect(racesItself({ ...placed({}), instances: [] })).toBe(false)
  const { sprung: _, ...untouched } = placed({})
  expect(racesItself(untouched)).toBe(false)
})
