import type { AnswersBody, IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'
import { scoredParts } from '#chaos/contracts/gameday/gameday-view.ts'
import type { PushOf } from '#chaos/contracts/workshop.ts'
import type { Gamedays } from '#chaos/gameday/gameday.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import type { Member } from '#chaos/workshop/member/member.ts'

const minuteMs = 60_000

export interface PushedIncidentsParts {
  readonly gamedays: Gamedays
  readonly member: Pick<Member, 'report'>
  readonly warn: (text: string) => void
}

export interface PushedIncidents {
  /** Game days whose answers the host receives too, while an incident of the host is open. */
  readonly gamedays: Gamedays
  /** The host sent an incident, or ended one. */
  readonly onIncident: (push: PushOf<'incident'> | PushOf<'incident-end'>) => Promise<void>
}

/** The incidents that a workshop's host sends to this sandbox. Its learner agreed; the host receives answers and scores. */
export function openPushedIncidents(parts: PushedIncidentsParts): PushedIncidents {
  const { gamedays, member, warn } = parts
  /** The host's id of the incident that is open. */
  let open: string | undefined

  const tell = (sent: Promise<void>): void => {
    sent.catch((error: unknown) =>
      warn(`A report for the workshop's host was not recorded: ${messageOf(error)}`),
    )
  }
  const begin = async ({ id, incident, seed, limitMs }: PushOf<'incident'>): Promise<void> => {
    const minutes = Math.max(1, Math.round(limitMs / minuteMs))
    const pushed = await gamedays.push({ incident, seed, minutes }).catch((error: unknown) => {
      warn(`An incident of the workshop's host was refused: ${messageOf(error)}`)
    })
    if (pushed === undefined)
      return await member.report({ type: 'incident-state', incident: id, what: 'refused' })
    open = id
    tell(pushed.ended.then(async ({ closed }) => await end(id, closed.at(-1))))
    await member.report({ type: 'incident-state', incident: id, what: 'begun' })
  }
  const end = async (id: string, debrief: IncidentDebrief | undefined): Promise<void> => {
    if (open === id) open = undefined
    const scores = debrief === undefined ? {} : { scores: scoresOf(debrief) }
    await member.report({ type: 'incident-state', incident: id, what: 'ended', ...scores })
  }
  return {
    gamedays: {
      ...gamedays,
      // A spread would copy its value of this moment.
      get isRunning() {
        return gamedays.isRunning
      },
      answer: (body) => {
        const view = gamedays.answer(body)
        if (open !== undefined) tell(member.report(answerReport(open, body)))
        return view
      },
    },
    onIncident: async (push) => {
      if (push.type === 'incident') await begin(push)
      else if (push.id === open) await gamedays.stop()
    },
  }
}

function answerReport(incident: string, body: AnswersBody) {
  const { wrong, where = [], cause = '', chain = [], note = '' } = body
  return {
    type: 'incident-answer' as const,
    incident,
    isWrong: wrong,
    where: [...where],
    cause,
    chain: [...chain],
    done: note,
  }
}

function scoresOf({ score }: IncidentDebrief): Record<string, number> {
  return Object.fromEntries(scoredParts.map((part) => [part, score[part]]))
}
