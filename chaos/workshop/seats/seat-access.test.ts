import { expect, test } from 'vitest'

import { createSeatAccess } from './seat-access.ts'

test('a cookie opens its own seat, and its key is given once', () => {
  const access = createSeatAccess({ now: () => 0 })
  const [ada, bob] = [access.open(1, 'learner'), access.open(2, 'learner')]
  expect(access.find(1, ada.cookie)).toEqual(ada.session)
  expect([access.find(2, ada.cookie), access.find(1, undefined)]).toEqual([undefined, undefined])
  const key = access.takeKey(ada.session)
  expect(access.takeKey(ada.session)).toBeUndefined()
  expect(
    [key, access.takeKey(bob.session), undefined].map((k) => access.isKey(ada.session, k)),
  ).toEqual([true, false, false])
})

test('a link opens its seat once, within 10 minutes', () => {
  const clock = { now: 0 }
  const access = createSeatAccess({ now: () => clock.now })
  const secret = access.issue(1, 'instructor')
  expect(access.redeem(2, secret)).toBeUndefined()
  expect(access.redeem(1, secret)?.session).toMatchObject({ seat: 1, role: 'instructor' })
  expect(access.redeem(1, secret)).toBeUndefined()
  const late = access.issue(1, 'learner')
  clock.now = 10 * 60_000
  expect(access.redeem(1, late)).toBeUndefined()
})

test('what is stored of a session opens nothing', () => {
  const first = createSeatAccess({ now: () => 0 })
  const { session, cookie } = first.open(1, 'learner')
  const second = createSeatAccess({ now: () => 0 })
  second.restore(session)
  expect(second.find(1, cookie)).toEqual(session)
  expect(second.find(1, session.cookieHash)).toBeUndefined()
  expect(second.isKey(session, session.keyHash)).toBe(false)
})
