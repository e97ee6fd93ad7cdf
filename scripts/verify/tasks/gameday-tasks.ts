import type { IncidentDebrief } from '#chaos/contracts/gameday/gameday-view.ts'
import type { Incident, MitigatingAction } from '#chaos/contracts/gameday/incident.ts'
import { servedText } from '#chaos/gameday/conduct-incident.ts'
import { leaksIn, readEverything } from '#chaos/gameday/testing/leaks.ts'
import { playIncident, rightAnswers } from '#chaos/gameday/testing/play-incident.ts'
import { system } from '#chaos/system.ts'

import { contentHash } from '../content-hash.ts'
import { openLabSandbox } from '../lab-sandbox.ts'
import type { Task, TaskContext, TaskResult } from '../task.ts'

const restartEverything: readonly MitigatingAction[] = [
  ...new Set(system.topology.instances.map(({ service }) => service)),
  ...system.topology.stores.map(({ name }) => name),
].map((target) => ({ action: 'restart', target }))

/**
 * Every incident of a game day, played by scripts: each declared mitigation and the right answers have every point, doing nothing
 * does not and leaves the checks broken, "restart everything" has less, and no text that a learner can read names the fault.
 */
export const gamedayTasks: readonly Task[] = (system.gamedays?.incidents ?? []).map((incident) => ({
  name: `gameday/${incident.id}`,
  expected: incident.cause === null ? 'nothing is wrong' : 'its mitigations, and no others',
  times: 1,
  hash: async () => await contentHash('services', 'chaos'),
  run: async (context) => await playEveryWay(incident, context),
}))

async function playEveryWay(incident: Incident, context: TaskContext): Promise<TaskResult> {
  const { signal, shared, round } = context
  const { client } = await shared.get('gameday sandbox', () => openLabSandbox(signal))
  const problems: string[] = []
  const play = async (
    actions: readonly MitigatingAction[],
    onSymptoms?: () => Promise<void>,
  ): Promise<IncidentDebrief> => {
    const answers = rightAnswers(incident)
    const player = { seed: round, answers, actions, ...(onSymptoms && { onSymptoms }) }
    return await playIncident(client, incident, player, signal)
  }
  const findLeaks = async (): Promise<void> =>
    void problems.push(...leaksIn(incident, await readEverything(client, signal)))
  const expect = (what: string, isRight: boolean, points: number, why: string): void => {
    if (!isRight) problems.push(`${what}: ${points} points. ${why}`)
  }

  const { score: nothing, lines } = await play([], findLeaks)
  const isReal = incident.cause !== null
  expect(
    'no action',
    isReal ? nothing.points <= 70 : nothing.points === 100,
    nothing.points,
    nothing.reasons.mitigation,
  )
  // Otherwise every action would seem to end the incident.
  const isServed = lines.some(({ by, text }) => by === 'checks' && text === servedText)
  expect('no action', !isReal || !isServed, nothing.points, 'The checks hold without an action.')
  for (const { actions } of incident.mitigations) {
    const { points, reasons } = (await play(actions)).score
    expect(
      actions.map(({ action, target }) => `${action} ${target}`).join(', '),
      points === 100,
      points,
      reasons.mitigation,
    )
  }
  const { score: all } = await play(restartEverything)
  expect('restart everything', all.points < 90, all.points, all.reasons.mitigation)
  return {
    ok: problems.length === 0,
    detail:
      problems.length > 0
        ? problems.join(' ')
        : `nothing ${nothing.points}, restart everything ${all.points}`,
  }
}
