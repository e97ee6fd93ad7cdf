import { judgeIncident } from '../../incidents/judge-incident.ts'
import { readIncidents } from '../../incidents/read-incidents.ts'
import type { IncidentRun } from '../../incidents/read-incidents.ts'
import { contentHash } from '../content-hash.ts'
import { judgedRun, judgeRound } from '../judge-round.ts'
import type { Task } from '../task.ts'

/** Every run that the pages of docs/incidents show: the verdict must be the one on the page. */
export const incidentTasks: readonly Task[] = readIncidents().flatMap(({ name, runs }) =>
  runs.map((shown, i): Task => ({
    name: `incidents/${name}/${i === 0 ? 'shop' : `naive${i === 1 ? '' : `-${i}`}`}`,
    expected: shown.fails === undefined ? shown.outcome : `${shown.outcome} (${shown.fails})`,
    times: 3,
    sideBySide: true,
    hash: async () =>
      `${await contentHash('services', 'chaos', shown.scenario, ...codeOf(shown))} ${shown.fails ?? ''}`,
    run: async (context) =>
      await judgeRound(context, async (client) => {
        const { run, problem } = await judgeIncident(client, shown)
        return judgedRun(run, problem)
      }),
  })),
)

function codeOf({ exercise }: IncidentRun): readonly string[] {
  return exercise === undefined ? [] : [exercise]
}
