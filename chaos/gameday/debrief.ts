import type { IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'

import { wordsOf } from './answers.ts'
import { isSamePlace } from './chain-overlap.ts'
import type { ConductedIncident } from './conduct-incident.ts'
import type { ScheduledIncident } from './schedule.ts'
import { scoreIncident } from './score.ts'
import type { ScoreTools } from './score.ts'

/** Everything about an incident that has closed: its answer, what the learner said and did, and the score. */
export function debriefOf(
  { incident, seed }: ScheduledIncident,
  { evidence, lines }: ConductedIncident,
  { number, tools }: { readonly number: number; readonly tools: ScoreTools },
): IncidentDebrief {
  const { cause } = incident
  const { places } = tools
  const answers = evidence.answers.at(-1) ?? null
  const answered = (answers?.chain ?? []).map((place) => places.resolve(place))
  return {
    number,
    incident: incident.id,
    seed,
    title: incident.title,
    story: incident.story,
    cause: cause === null ? null : { ...cause, words: wordsOf(cause.kind) },
    chain: incident.chain.map((link) => ({
      ...link,
      named: answered.some((given) => isSamePlace(places.resolve(link.place), given)),
    })),
    symptoms: incident.symptoms,
    mitigations: incident.mitigations.map(({ actions, why }) => {
      const named = actions.map(({ action, target, settings, session }) =>
        [
          action,
          target,
          ...Object.entries(settings ?? {}).map((one) => one.join('=')),
          ...(session === undefined ? [] : [`(${session})`]),
        ].join(' '),
      )
      return `${named.join(', then ')}: ${why}`
    }),
    answers,
    actions: evidence.actions,
    score: scoreIncident(incident, evidence, tools),
    lines,
  }
}
