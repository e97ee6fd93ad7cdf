import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type {
  ActionBody,
  AnswersBody,
  GamedayView,
  IncidentDebrief,
} from '#chaos/contracts/gameday/gameday-view.ts'
import type { Incident, MitigatingAction } from '#chaos/contracts/gameday/incident.ts'
import { systemClock } from '#chaos/lib/clock.ts'

/** How a scripted learner plays an incident. */
export interface Player {
  readonly seed: number
  readonly answers: AnswersBody
  /** Carried out one after the other when the symptoms are there, after the first answers. */
  readonly actions: readonly MitigatingAction[]
  /** Called when the symptoms are there, before the actions. */
  onSymptoms?(view: GamedayView): Promise<void>
}

/** Of the brisk pace: the last begin of an incident, and time for its symptoms. */
const actAtMs = 22_000
const pollMs = 300
/** On a busy machine a fault takes long to begin. */
const sessionWithinMs = 60_000
const patienceMs = 240_000

/** Plays one incident of the catalogue in short times and resolves with its debrief. */
export async function playIncident(
  client: ApiClient,
  { id }: Pick<Incident, 'id'>,
  player: Player,
  signal: AbortSignal,
): Promise<IncidentDebrief> {
  // A game day of an earlier failure.
  await client.stopGameday()
  await client.startGameday({ incident: id, seed: player.seed, brisk: true })
  await until(client, signal, ({ open }) => (open?.openForMs ?? 0) > actAtMs)
  const view = await client.gameday()
  if (view !== null) await player.onSymptoms?.(view)
  // The detection does not depend on how long an action takes on a busy machine.
  await client.answerIncident(player.answers)
  for (const action of player.actions) await client.actOnIncident(await bodyOf(client, action))
  await client.answerIncident({ ...player.answers, final: true })
  const { closed } = await until(client, signal, ({ state }) => state !== 'running')
  const [debrief] = closed
  if (debrief === undefined) throw new Error(`The incident ${id} has not closed.`)
  return debrief
}

/** What a learner with full points says. */
export function rightAnswers({ cause, chain }: Incident): AnswersBody {
  if (cause === null) return { wrong: false }
  return {
    wrong: true,
    where: [cause.place],
    cause: cause.kind,
    chain: chain.map(({ place }) => place),
  }
}

async function bodyOf(
  client: ApiClient,
  { action, target, settings, session }: MitigatingAction,
): Promise<ActionBody> {
  const body = { action, target, ...(settings === undefined ? {} : { settings }) }
  if (session === undefined) return body
  const endMs = systemClock.now() + sessionWithinMs
  for (;;) {
    // A busy Postgres may not respond at once.
    const found = await client.sql(sessionSql(session)).catch(() => undefined)
    const pid = found?.rows[0]?.[0]
    if (pid !== undefined) return { ...body, pid: Number(pid) }
    if (systemClock.now() > endMs) throw new Error(`No session has executed ${session}.`)
    await systemClock.sleep(pollMs)
  }
}

function sessionSql(text: string): string {
  return `SELECT pid FROM pg_stat_activity WHERE query LIKE '%${text}%' AND pid <> pg_backend_pid() ORDER BY backend_start LIMIT 1`
}

async function until(
  client: ApiClient,
  signal: AbortSignal,
  fits: (view: GamedayView) => boolean,
): Promise<GamedayView> {
  const endMs = systemClock.now() + patienceMs
  while (systemClock.now() < endMs) {
    const view = await client.gameday()
    if (view !== null && view.state === 'stopped') throw new Error(view.error ?? 'stopped')
    if (view !== null && fits(view)) return view
    await systemClock.sleep(pollMs, signal)
  }
  throw new Error('The game day takes too long.')
}
