import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { GamedayView, OpenIncident } from '#chaos/contracts/gameday/gameday-view.ts'

import type { Cli } from '../cli.ts'
import { ask } from '../lab/ask.ts'
import { withProgramName } from '../program-name.ts'
import { askAnswers } from './ask-answers.ts'
import { debriefText } from './debrief-text.ts'

const pollMs = 1_000

/** Shows the game day until it has ended. At a terminal it asks for the answers of each incident. Prints the debrief at the end. */
export async function followGameday(cli: Cli, client: ApiClient): Promise<void> {
  const { err } = cli
  const begun = await client.gameday()
  const count = begun?.incidents ?? 0
  err.line(
    `\n${err.colours.bold('You are on call.')} Seed ${begun?.seed ?? ''}, ${count} ${count === 1 ? 'incident' : 'incidents'}. Maybe nothing is wrong.`,
  )
  err.line(
    withProgramName(
      'Look: unhappy open, unhappy status, unhappy logs, unhappy sql. Act: unhappy gameday do. Stop: Ctrl-C.',
      cli.program,
    ),
  )
  let shown = ''
  let asked = 0
  try {
    for (;;) {
      const view = await client.gameday()
      if (view === null || view.state !== 'running') break
      const state = stateOf(view)
      if (state !== shown) err.line(state)
      shown = state
      const { open } = view
      if (open?.state === 'open' && cli.interactive && open.number > asked) {
        asked = open.number
        await answerOne(cli, client, open)
      } else await cli.clock.sleep(pollMs, cli.signal)
    }
  } finally {
    // Ctrl-C, or the end of the terminal: no hidden incident may stay.
    if (cli.signal.aborted) await stopAfterAbort(client)
  }
  const ended = await client.gameday()
  if (ended !== null) cli.out.line(debriefText(ended, cli))
}

async function answerOne(
  cli: Cli,
  client: ApiClient,
  { number, shortestMs }: OpenIncident,
): Promise<void> {
  const { err } = cli
  err.line(
    `\n${err.colours.bold(`Incident ${number}`)} is open. Press Enter when you want to answer; final answers are accepted after ${Math.ceil(shortestMs / 1_000)} s.`,
  )
  if ((await ask(cli, '', () => true)) === undefined) return
  for (;;) {
    const view = await client.gameday()
    if (view === null || view.open?.number !== number || view.open.state !== 'open') return
    const body = await askAnswers(cli, view)
    if (body === undefined) return
    // The time of the incident may end while its learner writes.
    const { open } = (await client.gameday()) ?? {}
    if (open?.number !== number || open.state !== 'open') {
      err.line('The time of this incident is over: your last answers came too late.')
      return
    }
    const tooEarly = open.openForMs < shortestMs
    const later = await client.answerIncident({ ...body, ...(tooEarly ? { final: false } : {}) })
    if (body.final !== true || later.open?.number !== number) continue
    if (!tooEarly) return
    err.line(
      'Your answers are kept. It is too early for final answers: look further, and answer again.',
    )
  }
}

function stateOf({ open, incidents, closed }: GamedayView): string {
  if (open === null) return `Between incidents: ${closed.length} of ${incidents} have closed.`
  if (open.state === 'judging') return `Incident ${open.number}: the checks judge your actions.`
  if (open.state === 'replaying')
    return `Incident ${open.number}: it is repeated, and your actions are repeated.`
  return `Incident ${open.number} of ${incidents} is open.`
}

/** The client's own signal has aborted, so its requests would fail: the sandbox ends the game day with its own limit otherwise. */
async function stopAfterAbort(client: ApiClient): Promise<void> {
  const { url, token } = client.file
  await fetch(new URL('/api/gameday', url), {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined)
}
