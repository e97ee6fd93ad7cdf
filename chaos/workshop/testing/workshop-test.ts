import { expect, test } from 'vitest'

import type { JoinResponse, Report } from '#chaos/contracts/workshop.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { openWorkshop } from './open-workshop.ts'

/** The header Host of a request from this machine. */
export const host = '127.0.0.1:19900'

/** A workshop of its own; `join` and `report` are requests of learners. */
export const workshopTest = test
  .extend('open', async ({}, { onCleanup }) => {
    const open = await openWorkshop(systemClock)
    onCleanup(async () => open[Symbol.asyncDispose]())
    return open
  })
  .extend(
    'join',
    ({ open }) =>
      async (name: string, key = name, acceptsIncidents = false): Promise<JoinResponse> => {
        const payload = {
          code: open.workshop.settings.code,
          name,
          key: Buffer.from(key).toString('hex').slice(0, 64).padEnd(32, '0'),
          acceptsIncidents,
        }
        const response = await open.app.inject({
          method: 'POST',
          url: '/api/join',
          headers: { host },
          payload,
        })
        expect(response.statusCode).toBe(201)
        return response.json<JoinResponse>()
      },
  )
  .extend(
    'report',
    ({ open }) =>
      async (token: string, ...reports: readonly Report[]) =>
        await open.app.inject({
          method: 'POST',
          url: '/api/member/reports',
          headers: { host, authorization: `Bearer ${token}` },
          payload: { reports },
        }),
  )
