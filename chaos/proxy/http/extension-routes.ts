import type { RecordingLimits } from '#chaos/contracts/links.ts'
import { entriesMax, recordedBytesMax, recordedMessagesMax } from '#chaos/contracts/max.ts'
import { machineNow, systemClock } from '#chaos/lib/clock.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import type { DataPlane } from '../plane/data-plane.ts'
import type { Inspection } from '../plane/inspector.ts'
import type { Lease } from '../time/lease.ts'
import { readTrapRequest } from '../traps/read-trap-request.ts'
import { fieldLengthMax, type Fields, readFields } from './fields.ts'
import { leaseOf, tooMany } from './inputs.ts'
import { errorResponse, jsonResponse, noContent } from './response.ts'
import type { ApiRoute } from './route.ts'
import { linkView } from './views.ts'

const deadAfterDefaultMs = 5_000
export const deadAfterMaxMs = 600_000

export interface ExtensionRouteParts {
  readonly plane: DataPlane
  /** The controller renews it with each heartbeat. */
  readonly heartbeat: Lease
  readonly inspection: Inspection
}

/** Endpoints that Toxiproxy does not have, and `/reset`, which also removes traps. */
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
      methods: {
        GET: () =>
          jsonResponse(
            200,
            [...plane.links.values()].map((link) => linkView(link, inspection.counts(link.name))),
          ),
      },
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
          heartbeat.renew(deadAfter(body()))
          return noContent
        },
        DELETE: () => {
          heartbeat.cancel()
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
    ...recordingRoutes(inspection),
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

function recordingRoutes(inspection: Inspection): ApiRoute[] {
  return [
    {
      path: '/recordings',
      methods: {
        POST: (_, body) => {
          const id = inspection.record(recordingOf(body()))
          return jsonResponse(200, { id, nowMs: systemClock.now(), machineMs: machineNow() })
        },
      },
    },
    {
      path: '/recordings/{recording}',
      methods: {
        GET: async ({ recording = '' }) => {
          const { lines, state } = await inspection.readRecording(recording)
          // The state is the last line, so the messages need not be encoded twice.
          const text = `${lines}${JSON.stringify(state)}\n`
          return { status: 200, type: 'application/x-ndjson', text }
        },
        DELETE: ({ recording = '' }) => {
          inspection.endRecording(recording)
          return noContent
        },
      },
    },
    {
      path: '/recordings/{recording}/traffic',
      methods: {
        GET: ({ recording = '' }) => {
          const { blocks, ...state } = inspection.recordedTraffic(recording)
          const text = `${JSON.stringify(state)}\n`
          return { status: 200, type: 'application/octet-stream', text, blocks }
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
  return inspection.tap(textsOf(fields, 'links'), {
    expiresInMs,
    ...(id === undefined ? {} : { id }),
    ...(fields.raw('counts') === true ? { counts: true } : {}),
    ...(fields.raw('transactions') === undefined
      ? {}
      : { transactions: textsOf(fields, 'transactions') }),
  })
}

function recordingOf(body: unknown): RecordingLimits {
  const fields = readFields(body, 'Recording')
  const expiresInMs = leaseOf(fields)
  if (expiresInMs === undefined)
    throw new DataPlaneError(400, 'missing required field: expiresInMs')
  return {
    expiresInMs,
    messagesMax: limitOf(fields, 'messagesMax', recordedMessagesMax),
    bytesMax: limitOf(fields, 'bytesMax', recordedBytesMax),
  }
}

function limitOf(fields: Fields, key: string, max: number): number {
  const given = fields.number(key) ?? max
  if (Number.isInteger(given) && given > 0 && given <= max) return given
  throw new DataPlaneError(400, `${key}: must be a whole number from 1 to ${max}, got ${given}`)
}

function textsOf(fields: Fields, key: string): string[] {
  const value = fields.raw(key)
  if (Array.isArray(value) && value.length > entriesMax)
    throw tooMany(key, entriesMax, value.length)
  if (Array.isArray(value) && value.every(isText)) return value
  throw new DataPlaneError(
    400,
    `${key}: must be an array of strings of 1 to ${fieldLengthMax} characters, got ${excerpt(value)}`,
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= fieldLengthMax
}

/** Body of `POST /traps/{id}/release`. */
function releaseThen(body: unknown): 'deliver' | 'cut' | 'silence' {
  const then = readFields(body, 'Release').text('then')
  if (then === 'deliver' || then === 'cut' || then === 'silence') return then
  throw new DataPlaneError(400, `then: must be deliver, cut or silence, got ${excerpt(then)}`)
}

function deadAfter(body: unknown): number {
  const given = readFields(body, 'Heartbeat').number('deadAfterMs') ?? deadAfterDefaultMs
  if (given > 0 && given <= deadAfterMaxMs) return given
  throw new DataPlaneError(
    400,
    `deadAfterMs: must be above 0 and at most ${deadAfterMaxMs}, got ${given}`,
  )
}
