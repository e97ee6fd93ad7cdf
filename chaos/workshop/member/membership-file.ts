import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Type } from 'typebox'
import type { Static } from 'typebox'
import { Check } from 'typebox/value'

import { PushSchema, ReportSchema } from '#chaos/contracts/workshop.ts'
import { withFileLock } from '#chaos/exercise/file-lock.ts'
import type { Home } from '#chaos/home/home.ts'
import type { Clock } from '#chaos/lib/clock.ts'

/** What was already reported about a lab. */
const SeenSchema = Type.Object({
  openedAt: Type.Optional(Type.String()),
  predictedAt: Type.Optional(Type.String()),
  hints: Type.Integer(),
  /** Hash of the explanation. */
  explanation: Type.Optional(Type.String()),
  runs: Type.Array(Type.String()),
})

const MembershipSchema = Type.Object({
  url: Type.String(),
  learner: Type.String(),
  token: Type.String(),
  key: Type.String(),
  name: Type.String(),
  workshop: Type.String(),
  acceptsIncidents: Type.Boolean(),
  joinedAt: Type.String(),
  isLeaving: Type.Boolean(),
  seen: Type.Record(Type.String(), SeenSchema),
  /** Reports that the host has not acknowledged, oldest first. */
  pending: Type.Array(ReportSchema),
  /** Reports that the host refused as invalid. They are kept, and not sent again. */
  refused: Type.Array(Type.Object({ report: ReportSchema, error: Type.String() })),
  sent: Type.Integer(),
  /** Newest first. */
  lastSent: Type.Array(Type.Object({ at: Type.String(), text: Type.String() })),
  problem: Type.Union([Type.String(), Type.Null()]),
  /** Number of the last push that arrived. */
  lastPush: Type.Integer(),
  /** Number of the last push that the terminal has printed. */
  lastPrinted: Type.Integer(),
  /** Newest first. */
  inbox: Type.Array(PushSchema),
  exercise: Type.Union([PushSchema, Type.Null()]),
  sequence: Type.Array(Type.String()),
  helpAskedAt: Type.Union([Type.String(), Type.Null()]),
})

const FileSchema = Type.Object({
  v: Type.Literal(1),
  membership: Type.Union([MembershipSchema, Type.Null()]),
})

export type Seen = Static<typeof SeenSchema>
export type Membership = Static<typeof MembershipSchema>

/**
 * The learner's membership in `my-work/.workshop.json`, with the queue of reports. Every change replaces the whole file in one
 * step: a report is in the queue exactly when `seen` says so, even if the process is killed.
 */
export interface MembershipFile {
  readonly path: string
  /** Null: this learner is in no workshop. */
  read(): Promise<Membership | null>
  /** Under a lock between processes. Returning the same object writes nothing. `change` can run more than once. */
  change(
    change: (before: Membership | null) => Membership | null | Promise<Membership | null>,
  ): Promise<Membership | null>
}

export function createMembershipFile(home: Home, clock: Clock): MembershipFile {
  const path = join(home.work, '.workshop.json')
  const read = async (): Promise<Membership | null> => parse(await readText(path))
  return {
    path,
    read,
    change: async (change) => {
      await mkdir(home.work, { recursive: true })
      return withFileLock(
        path,
        clock,
        async (replace) => {
          const before = await read()
          const after = await change(before)
          if (after !== before)
            await replace(`${JSON.stringify({ v: 1, membership: after }, null, 2)}\n`)
          return after
        },
        // It contains the token.
        0o600,
      )
    },
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** A damaged file counts as none: the learner joins again. */
function parse(text: string | undefined): Membership | null {
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    return Check(FileSchema, value) ? value.membership : null
  } catch {
    return null
  }
}
