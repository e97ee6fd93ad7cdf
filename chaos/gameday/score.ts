import type {
  GivenAnswers,
  IncidentScore,
  ScoredPart,
  TakenAction,
} from '#chaos/contracts/gameday/gameday-view.ts'
import { scoredParts } from '#chaos/contracts/gameday/gameday-view.ts'
import type { Incident } from '#chaos/contracts/gameday/incident.ts'

import { chainOverlap } from './chain-overlap.ts'
import type { Places } from './places.ts'

/** What was measured while the learner worked. Times are in milliseconds since the incident opened. */
export interface IncidentEvidence {
  /** When the first fault, or what looks like one, began. */
  readonly begunAtMs: number
  readonly limitMs: number
  /** Every answer, in order. The last one counts; the first right "something is wrong" is the detection. */
  readonly answers: readonly GivenAnswers[]
  readonly actions: readonly TakenAction[]
  /** The checks held for a whole window after the last action, with the incident still there. */
  readonly held: boolean
  /** The same after the incident was repeated and the same actions were repeated; null: there was nothing to repeat. */
  readonly heldAgain: boolean | null
}

/** What the score needs to know about places and kinds of faults. */
export interface ScoreTools {
  readonly places: Places
  /** What a kind of fault acts on: kinds of the same family are near each other. */
  familyOf(kind: string): string | undefined
}

interface Part {
  readonly value: number
  readonly reason: string
}

const weights: Readonly<Record<ScoredPart, number>> = {
  detection: 20,
  place: 20,
  cause: 15,
  chain: 15,
  mitigation: 30,
}

/** Within this time after the start, the detection has full points. */
const promptMs = 60_000
const uninvolvedCosts = 0.15

/** The score of one incident. It depends on its arguments only. */
export function scoreIncident(
  incident: Incident,
  evidence: IncidentEvidence,
  tools: ScoreTools,
): IncidentScore {
  const last = evidence.answers.at(-1)
  const alarm = evidence.answers.find(({ wrong }) => wrong)
  const falseAlarm =
    alarm !== undefined && (incident.cause === null || alarm.atMs < evidence.begunAtMs)
  const parts: Record<ScoredPart, Part> =
    incident.cause === null
      ? scoreQuiet(last, evidence.actions)
      : scoreReal({ ...incident, cause: incident.cause }, evidence, tools)
  const detected = evidence.answers.find(({ wrong, atMs }) => wrong && atMs >= evidence.begunAtMs)
  const value = (part: ScoredPart): number => Math.round(parts[part].value * 100) / 100
  return {
    detection: value('detection'),
    place: value('place'),
    cause: value('cause'),
    chain: value('chain'),
    mitigation: value('mitigation'),
    points: Math.round(
      scoredParts.reduce((sum, part) => sum + parts[part].value * weights[part], 0),
    ),
    reasons: {
      detection: parts.detection.reason,
      place: parts.place.reason,
      cause: parts.cause.reason,
      chain: parts.chain.reason,
      mitigation: parts.mitigation.reason,
    },
    detectedAfterMs:
      incident.cause === null || detected === undefined
        ? null
        : Math.round(detected.atMs - evidence.begunAtMs),
    falseAlarm,
  }
}

/** Nothing is wrong: a learner who says so and changes nothing has every point. */
function scoreQuiet(
  last: GivenAnswers | undefined,
  actions: readonly TakenAction[],
): Record<ScoredPart, Part> {
  const right = last?.wrong === false
  const said: Part = {
    value: right ? 1 : 0,
    reason: right
      ? 'Nothing was wrong, and you said so.'
      : last === undefined
        ? 'Nothing was wrong. You gave no answer.'
        : 'False alarm: nothing was wrong.',
  }
  const named: Part = right ? { value: 1, reason: 'There was no cause to find.' } : said
  const changed = new Set(actions.flatMap(({ touched }) => touched)).size
  return {
    detection: said,
    place: named,
    cause: named,
    chain: named,
    mitigation: {
      value: last === undefined ? 0 : Math.max(0, 1 - 0.25 * changed),
      reason:
        last === undefined
          ? said.reason
          : changed === 0
            ? 'Nothing had to be changed, and nothing was.'
            : `Nothing had to be changed. Your actions touched ${changed} part(s) of a system that worked.`,
    },
  }
}

type RealIncident = Incident & { readonly cause: NonNullable<Incident['cause']> }

function scoreReal(
  incident: RealIncident,
  evidence: IncidentEvidence,
  tools: ScoreTools,
): Record<ScoredPart, Part> {
  const last = evidence.answers.at(-1)
  const mitigation = scoreMitigation(incident, evidence, tools)
  if (last?.wrong !== true) {
    const reason =
      last === undefined ? 'You gave no answer.' : 'Something was wrong. You said that nothing was.'
    const missed: Part = { value: 0, reason }
    return { detection: missed, place: missed, cause: missed, chain: missed, mitigation }
  }
  const { cause } = incident
  const sameFamily =
    last.cause !== undefined && tools.familyOf(last.cause) === tools.familyOf(cause.kind)
  const overlap = chainOverlap(
    incident.chain.map(({ place }) => tools.places.resolve(place)),
    (last.chain ?? []).map((place) => tools.places.resolve(place)),
  )
  return {
    detection: scoreDetection(evidence),
    place: scorePlace(cause.place, last.where ?? [], tools),
    cause:
      last.cause === cause.kind
        ? { value: 1, reason: 'The cause is right.' }
        : {
            value: sameFamily ? 0.3 : 0,
            reason: sameFamily
              ? 'The cause is another one of the same kind of place.'
              : 'The cause is another one.',
          },
    chain: {
      value: overlap,
      reason: `${Math.round(overlap * 100)} % of the chain is there, in its order.`,
    },
    mitigation,
  }
}

function scoreDetection({ answers, begunAtMs, limitMs }: IncidentEvidence): Part {
  const early = answers.some(({ wrong, atMs }) => wrong && atMs < begunAtMs)
  const first = answers.find(({ wrong, atMs }) => wrong && atMs >= begunAtMs)
  if (first === undefined)
    return {
      value: 0.25,
      reason: 'You raised the alarm before anything was wrong, and never again.',
    }
  const afterMs = first.atMs - begunAtMs
  const restMs = Math.max(1, limitMs - begunAtMs - promptMs)
  const late = Math.min(1, Math.max(0, afterMs - promptMs) / restMs)
  const value = Math.max(0, 1 - 0.5 * late - (early ? 0.25 : 0))
  const alarm = early ? ' An earlier alarm was false.' : ''
  return { value, reason: `Detected after ${Math.round(afterMs / 1_000)} s.${alarm}` }
}

/** The overlap of both sets; half points if only neighbours were named. */
function scorePlace(truth: string, given: readonly string[], { places }: ScoreTools): Part {
  if (given.length === 0) return { value: 0, reason: 'You named no place.' }
  const right = new Set(places.resolve(truth))
  const named = new Set(given.flatMap((place) => places.resolve(place)))
  const hit = right.intersection(named).size
  if (hit > 0) {
    const value = hit / right.union(named).size
    return {
      value,
      reason:
        value === 1
          ? 'The place is exact.'
          : 'The place is among those that you named, or part of it.',
    }
  }
  const around = new Set([...right].flatMap((name) => places.neighbours(name)))
  const near = around.intersection(named).size
  if (near === 0) return { value: 0, reason: 'The place is another one.' }
  return { value: 0.5 * (near / named.size), reason: 'You named a neighbour of the place.' }
}

/** Half for customers that are served again, half for the same when the incident is repeated. */
function scoreMitigation(
  incident: RealIncident,
  { actions, held, heldAgain }: IncidentEvidence,
  tools: ScoreTools,
): Part {
  if (actions.length === 0) return { value: 0, reason: 'You changed nothing.' }
  const involved = involvedIn(incident, tools.places)
  const uninvolved = [...new Set(actions.flatMap(({ touched }) => touched))].filter(
    (name) => !involved.has(name),
  )
  const effect = (held ? 0.5 : 0) + (held && heldAgain === true ? 0.5 : 0)
  const value = Math.max(0, effect - uninvolvedCosts * uninvolved.length)
  const sentences = [
    held
      ? 'The checks hold after your actions.'
      : 'The checks do not hold after your actions: customers still have the problem.',
    ...(held && heldAgain === false
      ? ['When the incident was repeated, the same actions did not end it.']
      : []),
    ...(held && heldAgain === true ? ['They held again when the incident was repeated.'] : []),
    ...(uninvolved.length > 0 ? [`Not involved, and touched: ${uninvolved.join(', ')}.`] : []),
  ]
  return { value, reason: sentences.join(' ') }
}

/** The parts that a mitigation may touch: the place, its ends, and what the mitigations of the catalogue touch. */
function involvedIn({ cause, mitigations }: RealIncident, places: Places): ReadonlySet<string> {
  const place = places.resolve(cause.place)
  const callers = place.flatMap((name) =>
    name.includes(':') ? places.neighbours(name).slice(0, 1) : [],
  )
  const named = mitigations.flatMap(({ actions }) => actions.map(({ target }) => target))
  return new Set([...place, ...callers, ...named.flatMap((target) => places.resolve(target))])
}
