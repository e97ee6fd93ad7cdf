import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { GamedayView } from '#chaos/contracts/gameday/gameday-view.ts'
import type { SystemGamedays } from '#chaos/contracts/gameday/incident.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import { familyOf } from './answers.ts'
import { cleanUp, conductIncident, openDesk } from './conduct-incident.ts'
import type { ConductTools } from './conduct-incident.ts'
import type { CurrentGameday } from './current-gameday.ts'
import { debriefOf } from './debrief.ts'
import { createHiddenFaults } from './hidden-faults.ts'
import { createPlaces } from './places.ts'
import { renderDebrief } from './render-debrief.ts'
import type { ScheduledIncident } from './schedule.ts'
import { settingsNow } from './settle.ts'
import { veilEvent } from './veil.ts'

export interface ConductParts {
  readonly sandbox: Sandbox
  /** Where the records of game days are kept. */
  readonly folder: string
  /** The system's own code and settings, new books, no fault, no traffic. */
  readonly restore: (signal: AbortSignal) => Promise<void>
  readonly send: ConductTools['send']
}

/** Runs the incidents one after the other. Afterwards nothing hidden is left, whatever happened. */
export async function conductGameday(
  gameday: CurrentGameday,
  gamedays: SystemGamedays,
  parts: ConductParts,
): Promise<void> {
  const { sandbox } = parts
  const { pace, judging, signal } = gameday
  await using hidden = createHiddenFaults(sandbox, createRandom(gameday.seed).fork('hidden'))
  gameday.hidden = hidden
  let settings: ConductTools['settings'] = new Map()
  using _veil = sandbox.journal.veil(veilEvent)
  let over: GamedayView['state'] = 'ended'
  // The view shows the first error.
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      over = 'stopped'
      gameday.error ??= messageOf(error)
    }
  }
  await attempt(async () => {
    await parts.restore(signal)
    settings = settingsNow(sandbox)
    const tools = { ...parts, hidden, gamedays, pace, judging, settings, signal }
    for (const scheduled of gameday.schedule) await conductOne(gameday, scheduled, tools)
  })
  const { desk } = gameday
  gameday.desk = null
  gameday.hidden = undefined
  await attempt(async () => {
    await hidden.healAll()
    await parts.send(null)
    // A halt wants silence at once. It starts what is stopped itself.
    if (sandbox.halted) return
    await desk?.acting
    await cleanUp({ hidden, sandbox, settings })
  })
  await attempt(async () => await save({ ...gameday, state: over }, parts.folder))
  gameday.state = over
}

async function conductOne(
  gameday: CurrentGameday,
  scheduled: ScheduledIncident,
  tools: ConductTools,
): Promise<void> {
  const { sandbox, signal } = tools
  await tools.send(tools.gamedays.traffic)
  if (gameday.closed.length > 0) await sandbox.clock.sleep(scheduled.pauseMs, signal)
  const desk = openDesk(sandbox.clock.now())
  gameday.desk = desk
  const conducted = await conductIncident(scheduled, desk, tools)
  gameday.desk = null
  gameday.closed.push(
    debriefOf(scheduled, conducted, {
      number: gameday.closed.length + 1,
      tools: { places: createPlaces(sandbox.system.topology), familyOf },
    }),
  )
}

async function save(gameday: CurrentGameday, folder: string): Promise<void> {
  if (gameday.closed.length === 0) return
  const { id, seed, startedAt, state, closed } = gameday
  const record = { id, seed, startedAt, state, closed }
  await mkdir(join(folder, id), { recursive: true })
  await writeAtomically(join(folder, id, 'gameday.json'), `${JSON.stringify(record, null, 2)}\n`)
  await writeAtomically(join(folder, id, 'debrief.html'), renderDebrief(record))
}
