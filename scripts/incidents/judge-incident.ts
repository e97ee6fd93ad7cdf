import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { awaitScenarioRun } from '#chaos/cli/lab/await-run.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import type { IncidentRun } from './read-incidents.ts'

export interface JudgedIncident {
  readonly run: RunView
  /** Undefined if the verdict is the one that the page promises. */
  readonly problem: string | undefined
}

/** Runs a scenario as an incident's page shows it, in a running sandbox. */
export async function judgeIncident(
  client: ApiClient,
  shown: IncidentRun,
): Promise<JudgedIncident> {
  const scenario = await readFile(join(projectRoot, shown.scenario), 'utf8')
  const code =
    shown.exercise === undefined ? {} : { exerciseDir: join(projectRoot, shown.exercise) }
  const request = { scenario, file: shown.scenario, ...code }
  const run = await awaitScenarioRun(client, request, systemClock)
  return { run, problem: problemOf(shown, run) }
}

/** How the run differs from what the page promises. */
export function problemOf(
  { outcome, fails }: Pick<IncidentRun, 'outcome' | 'fails'>,
  run: Pick<RunView, 'outcome' | 'checks' | 'headline' | 'error' | 'state'>,
): string | undefined {
  if (run.outcome !== outcome) {
    const why = run.headline ?? run.error?.error ?? run.state
    return `${run.outcome ?? 'no verdict'} instead of ${outcome}: ${why}`
  }
  if (fails === undefined) return undefined
  // A scenario can have the same check for several roles of requests.
  const outcomes = run.checks.filter(({ name }) => name === fails).map((check) => check.outcome)
  return outcomes.includes('violated')
    ? undefined
    : `${fails} is ${outcomes[0] ?? 'not judged'} instead of violated`
}
