import { test as base, expect } from 'vitest'

import { createApp } from '../http/app.ts'
import { localHosts } from '../http/guard-requests.ts'
import { createFakeController } from '../testing/fake-controller.ts'

const host = '127.0.0.1:20000'

const test = base
  .extend('controller', createFakeController)
  .extend('call', async ({ controller }, { onCleanup }) => {
    const app = await createApp({
      controller,
      token: 'secret',
      hosts: localHosts,
      version: '1.2.3',
      dashboardFolder: '/nowhere',
    })
    onCleanup(async () => app.close())
    return async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) => {
      const headers = { host, authorization: 'Bearer secret' }
      const response = await app.inject({
        method,
        url,
        headers,
        ...(payload === undefined ? {} : { payload }),
      })
      return response
    }
  })

const trap = { link: 'api-*:postgres', exchange: 'COMMIT', phase: 'after', kill: 'caller' }

test('a trap is armed, released and disarmed', async ({ call, controller }) => {
  const armed = await call('POST', '/api/traps', trap)
  expect([armed.statusCode, armed.json()]).toEqual([201, { id: 'trap-1' }])
  expect((await call('GET', '/api/traps')).json()).toEqual([])
  // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
  const released = await call('POST', '/api/traps/trap-1/release', { then: 'cut' })
  const disarmed = await call('DELETE', '/api/traps/trap-1')
  expect([released.statusCode, disarmed.statusCode]).toEqual([204, 204])
  expect(controller.calls).toEqual(['trap COMMIT', 'release trap-1 cut', 'disarm trap-1'])
})

test('a tap starts and ends', async ({ call, controller }) => {
  const begun = await call('POST', '/api/taps', { link: '*', transactions: ['o-1-000001'] })
  expect([begun.statusCode, begun.json()]).toEqual([201, { id: 'tap-1', links: ['web:db'] }])
  expect((await call('DELETE', '/api/taps/tap-1')).statusCode).toBe(204)
  expect(controller.calls).toEqual(['tap *', 'untap tap-1'])
})

test.for([
  [{ ...trap, phase: 'during' }],
  [{ ...trap, nth: 0 }],
  [{ ...trap, exchange: '' }],
  [{ ...trap, kill: 'postgres' }],
  [{ ...trap, leaseMs: 600_001 }],
  [{ ...trap, misspelt: 1 }],
])('an invalid trap is refused: %j', async ([wrong], { call, controller }) => {
  expect((await call('POST', '/api/traps', wrong)).statusCode).toBe(400)
  expect(controller.calls).toEqual([])
})
