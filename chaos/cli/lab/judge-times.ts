import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { Outcome3 } from '#chaos/contracts/check.ts'

import type { Cli } from '../cli.ts'
import { statusOf } from '../run-result.ts'
import { exitStatus } from '../run.ts'
import type { JudgeRequest } from './judge-lab.ts'
import { watchRun } from './watch-run.ts'

const outcomes: readonly Outcome3[] = ['held', 'violated', 'inconclusive']

/** Judges the same code again and again, each time with another seed: k of N. Status 0 when every round held. */
export async function judgeTimes(
  cli: Cli,
  client: ApiClient,
  judged: Omit<JudgeRequest, 'seed'>,
  times: number,
): Promise<number> {
  const rounds: RunView[] = []
  while (rounds.length < times) {
    const { lastSeq } = await client.sandbox()
    const started = await client.checkLab(judged.lab.id, judged.version)
    const run = await watchRun(cli, client, started, lastSeq)
    // A run without a verdict ends the series: it would end the same way again.
    statusOf(run)
    rounds.push(run)
    if (!cli.json)
      cli.out.line(
        `${rounds.length} of ${times}  ${run.outcome}  ${run.headline}  seed ${run.seed}`,
      )
  }
  const count = (outcome: Outcome3): number =>
    rounds.filter((run) => run.outcome === outcome).length
  if (cli.json) cli.out.line(JSON.stringify(rounds))
  else
    cli.out.line(
      `\n${outcomes
        .filter((outcome) => count(outcome) > 0)
        .map((outcome) => `${outcome} ${count(outcome)} of ${times}`)
        .join(', ')}`,
    )
  if (count('violated') > 0) return exitStatus.violated
  return count('held') === times ? exitStatus.held : exitStatus.inconclusive
}
