import { expect, it } from 'vitest'

import { judgeRestarts } from './judge-restarts.ts'

const api = { id: 'a', service: 'api', startedAt: '10:00', restarts: 0 }
const db = { id: 'd', service: 'db', startedAt: '10:00', restarts: 2 }

it('finds nothing when nothing has happened', () => {
  expect(judgeRestarts([api, db], [db, api])).toEqual({ forced: [], byPolicy: [] })
})

it('a container that is gone, or started again without its policy, was forced', () => {
  const again = { ...db, startedAt: '10:05' }
  expect(judgeRestarts([api, db], [again])).toEqual({
    forced: ['api is gone', 'db was restarted'],
    byPolicy: [],
  })
})

it('a process that ended and whose policy started it again ended by itself', () => {
  const again = { ...api, startedAt: '10:05', restarts: 1 }
  expect(judgeRestarts([api, db], [again, db])).toEqual({ forced: [], byPolicy: ['api'] })
})
