import { createParser } from 'eventsource-parser'

import type { ApiError } from '../../../contracts/api.ts'
import type {
  ExerciseBody,
  ExerciseChange,
  IncidentBody,
  IncidentResult,
  PushBody,
  PushResult,
  ScoreboardState,
  SeatLink,
  SeatLinkBody,
} from '../../../contracts/workshop.ts'
import { RequestError } from '../data/api.ts'

/** The workshop host, with the token of one page. Methods throw {@link RequestError}. */
export interface HostApi {
  push(body: PushBody): Promise<PushResult>
  seeHelp(learner: string): Promise<void>
  startExercise(body: ExerciseBody): Promise<void>
  changeExercise(change: ExerciseChange): Promise<void>
  setSequence(labs: readonly string[]): Promise<void>
  setScoreboard(state: ScoreboardState): Promise<void>
  reveal(lab: string, isRevealed: boolean): Promise<void>
  startIncident(body: IncidentBody): Promise<IncidentResult>
  endIncident(id: string): Promise<void>
  /** A link that opens the seat once. */
  seatLink(seat: number, body: SeatLinkBody): Promise<SeatLink>
  /** Ends the container of the seat, and starts a new one. */
  restartSeat(seat: number): Promise<void>
  /** Takes the seat from its learner, whose work is kept, for the next one. */
  freeSeat(seat: number): Promise<void>
  /** Deletes the runs of a seat whose disk is full. */
  clearSeat(seat: number): Promise<void>
  /** The file at this path of the API. A link cannot send the token. */
  read(path: string): Promise<Blob>
  /** Calls `onView` for each view of a stream. Resolves when the stream ends. */
  follow(path: string, onView: (view: unknown) => void, signal: AbortSignal): Promise<void>
}

/** The host sends a comment every 10 s. */
const silenceMs = 25_000

export function createHostApi(token: string): HostApi {
  const call = async (method: string, path: string, body?: unknown): Promise<Response> =>
    await send(token, path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const change = async (method: string, path: string, body?: unknown): Promise<void> => {
    await call(method, `/api/workshop/${path}`, body)
  }
  const post = async <T>(path: string, body: unknown): Promise<T> =>
    (await (await call('POST', `/api/workshop/${path}`, body)).json()) as T
  return {
    push: async (body) => await post('pushes', body),
    seeHelp: async (learner) => change('PUT', `learners/${encodeURIComponent(learner)}/help`),
    startExercise: async (body) => change('POST', 'exercise', body),
    changeExercise: async (body) => change('PUT', 'exercise', body),
    setSequence: async (labs) => change('PUT', 'sequence', { labs }),
    setScoreboard: async (state) => change('PUT', 'scoreboard', { state }),
    reveal: async (lab, isRevealed) =>
      change('PUT', `predictions/${encodeURIComponent(lab)}`, { isRevealed }),
    startIncident: async (body) => await post('incidents', body),
    endIncident: async (id) => change('DELETE', `incidents/${encodeURIComponent(id)}`),
    seatLink: async (seat, body) => await post(`seats/${seat}/links`, body),
    restartSeat: async (seat) => change('POST', `seats/${seat}/restart`),
    freeSeat: async (seat) => change('POST', `seats/${seat}/free`),
    clearSeat: async (seat) => change('POST', `seats/${seat}/clear`),
    read: async (path) => await (await call('GET', path)).blob(),
    follow: async (path, onView, signal) => follow(token, path, onView, signal),
  }
}

async function follow(
  token: string,
  path: string,
  onView: (view: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const silent = new AbortController()
  let timer = setTimeout(() => silent.abort(), silenceMs)
  try {
    const response = await send(token, path, {
      signal: AbortSignal.any([signal, silent.signal]),
    })
    const parser = createParser({ onEvent: ({ data }) => onView(JSON.parse(data)) })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const part = await reader?.read()
      if (part?.value === undefined) return
      clearTimeout(timer)
      timer = setTimeout(() => silent.abort(), silenceMs)
      parser.feed(part.value)
    }
  } finally {
    clearTimeout(timer)
  }
}

async function send(token: string, path: string, init: RequestInit): Promise<Response> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const response = await fetch(path, { ...init, headers }).catch(() => {
    throw new RequestError({
      error: 'The host does not respond.',
      remedy: 'Check that `unhappy workshop host` is running.',
      status: 0,
    })
  })
  if (response.ok) return response
  const body = (await response.json().catch(() => undefined)) as ApiError | undefined
  throw new RequestError(
    body ?? {
      error: `The host responded with status ${response.status}.`,
      status: response.status,
    },
  )
}
