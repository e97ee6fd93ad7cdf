import { Type } from 'typebox'
import type { Static } from 'typebox'

import { pathLengthMax } from '../max.ts'
import type { Push, PushOf } from './push.ts'
import { LabId, learnerNameMax, NoteText, strict } from './strict.ts'

/**
 * A learner's side of a workshop, as the learner's own dashboard and CLI show it. The controller serves it:
 *
 *   GET    /api/workshop          MembershipView
 *   POST   /api/workshop/join     JoinRequest -> MembershipView
 *   POST   /api/workshop/leave    MembershipView
 *   POST   /api/workshop/help     HelpRequest -> MembershipView
 *   POST   /api/workshop/share    ShareRequest -> MembershipView
 *
 * The event stream has a `workshop` event after each change.
 */
export interface MembershipView {
  /** Null: this sandbox is in no workshop, and sends nothing. */
  readonly joined: {
    readonly url: string
    readonly name: string
    readonly workshop: string
    readonly joinedAt: string
    readonly acceptsIncidents: boolean
    /** The learner has left: what was recorded before is still sent, nothing else. */
    readonly isLeaving: boolean
  } | null
  /** Everything that is sent, one sentence each. Nothing else is. */
  readonly sends: readonly string[]
  /** Reports that the host has not acknowledged. */
  readonly waiting: number
  /** Reports that the host has acknowledged. */
  readonly sent: number
  /** The latest of them in words, the newest first; at most 20. */
  readonly lastSent: readonly { readonly at: string; readonly text: string }[]
  /** Why the last attempt to send failed; null: it succeeded. */
  readonly problem: string | null
  /** Notes, hints and requests of the instructor, the newest first; at most 50. */
  readonly inbox: readonly InboxPush[]
  /** The exercise in progress, or the one that ended last. */
  readonly exercise: PushOf<'exercise'> | null
  readonly sequence: readonly string[]
  /** The request for help that the instructor has not yet seen. */
  readonly helpAskedAt: string | null
}

export type InboxPush = Extract<Push, { type: 'note' | 'hint' | 'code-wanted' | 'help-seen' }>

export const JoinRequestSchema = Type.Object(
  {
    url: Type.String({ minLength: 1, maxLength: pathLengthMax }),
    code: Type.String({ minLength: 1, maxLength: 20 }),
    name: Type.String({ minLength: 1, maxLength: learnerNameMax }),
    /** Absent: no incidents. */
    acceptsIncidents: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type JoinRequest = Static<typeof JoinRequestSchema>

export const HelpRequestSchema = Type.Object({ text: Type.Optional(NoteText) }, strict)
export type HelpRequest = Static<typeof HelpRequestSchema>

export const ShareRequestSchema = Type.Object({ lab: LabId }, strict)
export type ShareRequest = Static<typeof ShareRequestSchema>
