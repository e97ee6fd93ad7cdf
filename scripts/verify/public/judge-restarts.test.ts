import { expect, it } from 'vitest'

import { judgeRestarts } from './judge-restarts.ts'

const api = { id: 'a', service: 'api', startedAt: '10:00', restarts: 0, runs: true }
const db = { id: 'd', service: 'db', startedAt: '10:00', restarts: 2, runs: true }

it('finds nothing when nothing has happened', () => {
  expect(judgeRestarts([api, db], [db, api])).toEqual({ forced: [], ended: [] })
})

it('a container that is gone, or started again without its policy, was forced', () => {
  const again = { ...db, startedAt: '10:05' }
  expect(judgeRestarts([api, db], [again])).toEqual({
    forced: ['api is gone', 'db was restarted'],
    ended: [],
  })
})

it('a process that ended, ended by itself, even if its policy started it again', () => {
  const again = { ...api, startedAt: '10:05', restarts: 1 }
  const stopped = { ...db, runs: false }
  expect(judgeRestarts([api, db], [again, stopped])).toEqual({ forced: [], ended: ['api', 'db'] })
})
