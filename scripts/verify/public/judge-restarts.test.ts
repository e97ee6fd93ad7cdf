import { expect, it } from 'vitest'

import { judgeRestarts, killedFirst } from './judge-restarts.ts'

const api = { id: 'a', service: 'api', startedAt: '10:00', runs: true }
const db = { id: 'd', service: 'db', startedAt: '10:00', runs: true }

it('finds nothing when nothing has happened', () => {
  expect(judgeRestarts([api, db], [db, api], new Set())).toEqual({ forced: [], ended: [] })
})

it('a container that is gone, or received a signal, was forced', () => {
  const again = { ...db, startedAt: '10:05' }
  expect(judgeRestarts([api, db], [again], new Set(['d']))).toEqual({
    forced: ['api is gone', 'db was killed'],
    ended: [],
  })
})

it('a process that ended without a signal ended by itself, even if it was started again', () => {
  const again = { ...api, startedAt: '10:05' }
  const stopped = { ...db, runs: false }
  expect(judgeRestarts([api, db], [again, stopped], new Set())).toEqual({
    forced: [],
    ended: ['api', 'db'],
  })
})

it('a signal after the end of a process has ended nothing', () => {
  expect([...killedFirst(['die a', 'kill d', 'kill a', 'die d'])]).toEqual(['d'])
})
