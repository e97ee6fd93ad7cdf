import { ApiError } from '../api-error.ts'
import type { DataPlane } from '../data-plane.ts'
import { readFields } from '../go-fields.ts'
import type { Heartbeat } from '../heartbeat.ts'
import type { Inspection } from '../inspector.ts'
import { readTrapOrder } from '../traps/read-order.ts'
import { errorAnswer, json, noContent } from './answer.ts'
import { leaseOf } from './inputs.ts'
import type { Route } from './route.ts'
import { linkView } from './views.ts'

const deadAfterDefaultMs = 5_000
const deadAfterMaxMs = 600_000

export interface SandboxRouteParts {
  readonly plane: DataPlane
  readonly heartbeat: Heartbeat
  readonly inspection: Inspection | undefined
}

/** Endpoints that Toxiproxy does not have, and `/reset`, which does more here. */
export function sandboxRoutes({ plane, heartbeat, inspection }: SandboxRouteParts): Route[] {
  return [
    {
      path: '/reset',
      methods: {
        POST: async () => {
          inspection?.heal()
          const failed = await plane.reset()
          if (failed.length === 0) return noContent
          return errorAnswer(500, failed.map(({ link, error }) => `${link}: ${error}`).join('; '), {
            failed,
          })
        },
      },
    },
    { path: '/links', methods: { GET: () => json(200, [...plane.links.values()].map(linkView)) } },
    {
      path: '/proxies/{proxy}/reset',
      methods: {
        POST: ({ proxy = '' }) => json(200, { reset: plane.link(proxy).resetConnections() }),
      },
    },
    {
      path: '/heartbeat',
      methods: {
        POST: (_, body) => {
          heartbeat.beat(deadAfter(body()))
          return noContent
        },
        DELETE: () => {
          heartbeat.end()
          return noContent
        },
      },
    },
    ...(inspection === undefined ? [] : inspectionRoutes(inspection)),
  ]
}

function inspectionRoutes(inspection: Inspection): Route[] {
  return [
    {
      path: '/traps',
      methods: {
        GET: () => json(200, inspection.traps()),
        POST: (_, body) => {
          inspection.arm(readTrapOrder(body()))
          return noContent
        },
      },
    },
    {
      path: '/traps/{trap}',
      methods: {
        DELETE: ({ trap = '' }) => {
          inspection.disarm(trap)
          return noContent
        },
      },
    },
    {
      path: '/traps/{trap}/release',
      methods: {
        POST: ({ trap = '' }, body) => {
          inspection.release(trap, releaseThen(body()))
          return noContent
        },
      },
    },
    {
      path: '/taps',
      methods: {
        POST: (_, body) => {
          const fields = readFields(body(), 'Tap')
          const id = fields.text('id')
          const expiresInMs = leaseOf(fields)
          if (expiresInMs === undefined)
            throw new ApiError(400, 'missing required field: expiresInMs')
          const lease = id === undefined ? { expiresInMs } : { expiresInMs, id }
          return json(200, { id: inspection.tap(namesOf(fields.raw('links')), lease) })
        },
      },
    },
    {
      path: '/taps/{tap}',
      methods: {
        DELETE: ({ tap = '' }) => {
          inspection.untap(tap)
          return noContent
        },
      },
    },
  ]
}

function deadAfter(body: unknown): number {
  const given = readFields(body, 'Heartbeat').number('deadAfterMs') ?? deadAfterDefaultMs
  if (given > 0 && given <= deadAfterMaxMs) return given
  throw new ApiError(
    400,
    `deadAfterMs: must be above 0 and at most ${deadAfterMaxMs}, got ${given}`,
  )
}

function releaseThen(body: unknown): 'deliver' | 'cut' | 'silence' {
  const then = readFields(body, 'Release').text('then')
  if (then === 'deliver' || then === 'cut' || then === 'silence') return then
  throw new ApiError(400, `then: must be deliver, cut or silence, got ${JSON.stringify(then)}`)
}

function namesOf(value: unknown): string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new ApiError(400, `links: must be an array of names, got ${JSON.stringify(value)}`)
}
