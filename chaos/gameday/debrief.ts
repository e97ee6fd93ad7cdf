import type { IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'

import { wordsOf } from './answers.ts'
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
  return {
    number,
    incident: incident.id,
    seed,
    title: incident.title,
    story: incident.story,
    cause: cause === null ? null : { ...cause, words: wordsOf(cause.kind) },
    chain: incident.chain,
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
    answers: evidence.answers.at(-1) ?? null,
    actions: evidence.actions.map(({ atMs, action, target, settings, pid, touched, result }) => ({
      atMs,
      action,
      target,
      touched,
      result,
      ...(settings === undefined ? {} : { settings }),
      ...(pid === undefined ? {} : { pid }),
    })),
    score: scoreIncident(incident, evidence, tools),
    lines,
  }
}
