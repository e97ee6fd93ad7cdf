import { Type } from 'typebox'
import type { Static } from 'typebox'

import { entriesMax, nameLengthMax } from '../max.ts'
import { Id, LabId, limitMsMax, NoteText, Seed, Time } from './strict.ts'

/** `seq` grows with each push of this host. A sandbox asks for everything after the last one that it has. */
const stamp = { seq: Type.Integer({ minimum: 1 }), at: Time }

const NotePush = Type.Object({ ...stamp, type: Type.Literal('note'), text: NoteText })

const HintPush = Type.Object({ ...stamp, type: Type.Literal('hint'), lab: LabId, text: NoteText })

/** The instructor asks for the code of a lab. It is sent only when the learner runs `unhappy workshop share LAB`. */
const CodeWantedPush = Type.Object({ ...stamp, type: Type.Literal('code-wanted'), lab: LabId })

/** The instructor saw the learner's request for help. */
const HelpSeenPush = Type.Object({ ...stamp, type: Type.Literal('help-seen') })

export const ExerciseStateSchema = Type.Union([
  Type.Literal('running'),
  Type.Literal('paused'),
  Type.Literal('stopped'),
])

/** A shared exercise was started, paused, resumed, extended or stopped. */
const ExercisePush = Type.Object({
  ...stamp,
  type: Type.Literal('exercise'),
  exercise: Id,
  title: Type.String({ maxLength: nameLengthMax }),
  lab: Type.Union([LabId, Type.Null()]),
  state: ExerciseStateSchema,
  /** Null: there is no timer, or it does not run now. */
  endsAt: Type.Union([Time, Type.Null()]),
  /** What was left at `at`, ms. Null: there is no timer. */
  leftMs: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
})

/** The labs of this workshop in the instructor's sequence. */
const SequencePush = Type.Object({
  ...stamp,
  type: Type.Literal('sequence'),
  labs: Type.Array(LabId, { maxItems: entriesMax }),
})

/**
 * An incident begins. Sent only to learners who agreed to incidents. `incident` is an opaque id of the catalogue: it does
 * not say what happens.
 */
const IncidentPush = Type.Object({
  ...stamp,
  type: Type.Literal('incident'),
  /** Of this occurrence. Answers name it. */
  id: Id,
  incident: Id,
  seed: Seed,
  /** How long learners may answer, ms. */
  limitMs: Type.Number({ minimum: 0, maximum: limitMsMax }),
})

const IncidentEndPush = Type.Object({ ...stamp, type: Type.Literal('incident-end'), id: Id })

/** What the host sends to a learner's sandbox. The sandbox ignores everything else. */
export const PushSchema = Type.Union([
  NotePush,
  HintPush,
  CodeWantedPush,
  HelpSeenPush,
  ExercisePush,
  SequencePush,
  IncidentPush,
  IncidentEndPush,
])
export type Push = Static<typeof PushSchema>
export type PushOf<Kind extends Push['type']> = Extract<Push, { type: Kind }>
