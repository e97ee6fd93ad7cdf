import { DataPlaneError } from '../plane/data-plane-error.ts'
import type { DataPlane } from '../plane/data-plane.ts'
import type { Inspection } from '../plane/inspector.ts'
import type { Heartbeat } from '../time/heartbeat.ts'
import { readTrapRequest } from '../traps/read-trap-request.ts'
import { readFields } from './fields.ts'
import { leaseOf } from './inputs.ts'
import { errorResponse, jsonResponse, noContent } from './response.ts'
import type { ApiRoute } from './route.ts'
import { linkNames, releaseThen, tapTexts } from './trap-input.ts'
import { linkView } from './views.ts'

const deadAfterDefaultMs = 5_000
const deadAfterMaxMs = 600_000

export interface ExtensionRouteParts {
  readonly plane: DataPlane
  readonly heartbeat: Heartbeat
  readonly inspection: Inspection
}

/** Endpoints that Toxiproxy does not have, and `/reset`, which does more here. */
export function extensionRoutes({ plane, heartbeat, inspection }: ExtensionRouteParts): ApiRoute[] {
  return [
    {
      path: '/reset',
      methods: {
        POST: async () => {
          inspection.heal()
          const failed = await plane.reset()
          if (failed.length === 0) return noContent
          return errorResponse(
            500,
            failed.map(({ link, error }) => `${link}: ${error}`).join('; '),
            {
              failed,
            },
          )
        },
      },
    },
    {
      path: '/links',
      methods: { GET: () => jsonResponse(200, [...plane.links.values()].map(linkView)) },
    },
    {
      path: '/proxies/{proxy}/reset',
      methods: {
        POST: ({ proxy = '' }) =>
          jsonResponse(200, { reset: plane.link(proxy).resetConnections() }),
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
    ...inspectionRoutes(inspection),
  ]
}

function inspectionRoutes(inspection: Inspection): ApiRoute[] {
  return [
    {
      path: '/traps',
      methods: {
        GET: () => jsonResponse(200, inspection.traps()),
        POST: (_, body) => {
          inspection.arm(readTrapRequest(body()))
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
      methods: { POST: (_, body) => jsonResponse(200, { id: tap(inspection, body()) }) },
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

function tap(inspection: Inspection, body: unknown): string {
  const fields = readFields(body, 'Tap')
  const id = fields.text('id')
  const expiresInMs = leaseOf(fields)
  if (expiresInMs === undefined)
    throw new DataPlaneError(400, 'missing required field: expiresInMs')
  const transactions = fields.raw('transactions')
  return inspection.tap(linkNames(fields.raw('links')), {
    expiresInMs,
    ...(id === undefined ? {} : { id }),
    ...(transactions === undefined ? {} : { transactions: tapTexts(transactions) }),
  })
}

function deadAfter(body: unknown): number {
  const given = readFields(body, 'Heartbeat').number('deadAfterMs') ?? deadAfterDefaultMs
  if (given > 0 && given <= deadAfterMaxMs) return given
  throw new DataPlaneError(
    400,
    `deadAfterMs: must be above 0 and at most ${deadAfterMaxMs}, got ${given}`,
  )
}
