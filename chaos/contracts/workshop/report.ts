import { Type } from 'typebox'
import type { Static } from 'typebox'

import { answeredPlacesMax, countMax, nameLengthMax, pathLengthMax } from '../max.ts'
import { Id, LabId, NoteText, Outcome, Seed, strict, Time } from './strict.ts'

/** Reports in one request. */
export const reportsPerRequestMax = 100
/** Files and characters of code that a learner shares at once. */
const sharedFilesMax = 10
export const sharedTextMax = 50_000

/** Every report has an id that the learner's sandbox makes: a report that arrives twice counts once. */
const stamp = { id: Id, at: Time }

const LabOpenedReport = Type.Object(
  { ...stamp, type: Type.Literal('lab-opened'), lab: LabId },
  strict,
)

const PredictionReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('prediction'),
    lab: LabId,
    /** Index among the answers of the lab. */
    answer: Type.Integer({ minimum: 0, maximum: 20 }),
    /** Percent, 0 to 100. */
    confidence: Type.Number({ minimum: 0, maximum: 100 }),
  },
  strict,
)

const VerdictReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('verdict'),
    lab: LabId,
    run: Type.String({ maxLength: nameLengthMax }),
    outcome: Outcome,
    /** Absent: the folder of the run is gone. */
    seed: Type.Optional(Seed),
    /** Names of the checks that were violated. */
    failed: Type.Optional(Type.Array(Type.String({ maxLength: nameLengthMax }), { maxItems: 50 })),
  },
  strict,
)

const HintReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('hint'),
    lab: LabId,
    /** How many hints of this lab the learner has used. */
    used: Type.Integer({ minimum: 1, maximum: 100 }),
  },
  strict,
)

/** The length only: the text stays with the learner. */
const ExplanationReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('explanation'),
    lab: LabId,
    characters: Type.Integer({ minimum: 0, maximum: countMax }),
  },
  strict,
)

const HelpReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('help'),
    lab: Type.Optional(LabId),
    text: Type.Optional(NoteText),
  },
  strict,
)

/** Code of one lab. The learner sends it with a command of its own. */
const CodeReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('code'),
    lab: LabId,
    files: Type.Array(
      Type.Object(
        {
          path: Type.String({ minLength: 1, maxLength: pathLengthMax }),
          text: Type.String({ maxLength: sharedTextMax }),
        },
        strict,
      ),
      { minItems: 1, maxItems: sharedFilesMax },
    ),
  },
  strict,
)

const Places = Type.Array(Type.String({ maxLength: nameLengthMax }), {
  maxItems: answeredPlacesMax,
})

/** What the learner says during an incident. The latest one of an incident is the answer; all are kept. */
const IncidentAnswerReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('incident-answer'),
    /** The `id` of the incident's push. */
    incident: Id,
    isWrong: Type.Boolean(),
    /** Places: instances, links, stores. */
    where: Places,
    cause: Type.String({ maxLength: 2_000 }),
    /** How it spread, from the cause to the symptom. */
    chain: Places,
    done: Type.String({ maxLength: 2_000 }),
  },
  strict,
)

/** What became of an incident in this sandbox. */
const IncidentStateReport = Type.Object(
  {
    ...stamp,
    type: Type.Literal('incident-state'),
    incident: Id,
    what: Type.Union([Type.Literal('begun'), Type.Literal('ended'), Type.Literal('refused')]),
    /** After the end: 0 to 1 for each part that was scored. */
    scores: Type.Optional(
      Type.Record(Type.String({ maxLength: 40 }), Type.Number({ minimum: 0, maximum: 1 })),
    ),
  },
  strict,
)

const LeftReport = Type.Object({ ...stamp, type: Type.Literal('left') }, strict)

/** What a learner's sandbox sends to the host. Nothing else leaves it. */
export const ReportSchema = Type.Union([
  LabOpenedReport,
  PredictionReport,
  VerdictReport,
  HintReport,
  ExplanationReport,
  HelpReport,
  CodeReport,
  IncidentAnswerReport,
  IncidentStateReport,
  LeftReport,
])
export type Report = Static<typeof ReportSchema>
export type ReportOf<Kind extends Report['type']> = Extract<Report, { type: Kind }>

export const ReportsBodySchema = Type.Object(
  { reports: Type.Array(ReportSchema, { minItems: 1, maxItems: reportsPerRequestMax }) },
  strict,
)
export type ReportsBody = Static<typeof ReportsBodySchema>

/** Ids of reports that are on the host's disk, or were already there. The sandbox may forget them. */
export const ReportsResponseSchema = Type.Object({ acknowledged: Type.Array(Id) })
export type ReportsResponse = Static<typeof ReportsResponseSchema>
