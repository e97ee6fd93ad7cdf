import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import type { VerdictOutcome } from '#chaos/contracts/check.ts'

import type { Cli } from '../cli.ts'
import { exitStatus, exitStatusOfRun } from '../exit-status.ts'
import type { JudgeRequest } from './judge-lab.ts'
import { watchRun } from './watch-run.ts'

const outcomes: readonly VerdictOutcome[] = ['held', 'violated', 'inconclusive']

/** Judges the same code several times, each time with another seed. Returns exit status 0 if every round held. */
export async function judgeTimes(
  cli: Cli,
  client: ApiClient,
  request: Omit<JudgeRequest, 'seed'>,
  times: number,
): Promise<number> {
  const rounds: RunView[] = []
  while (rounds.length < times) {
    const { lab, ...check } = request
    const run = await watchRun(cli, client, () => client.checkLab(lab.id, check))
    // Throws for a run without a verdict: the next round would end in the same way.
    exitStatusOfRun(run)
    rounds.push(run)
    if (!cli.json)
      cli.out.line(
        `Round ${rounds.length} of ${times}: ${run.outcome}  ${run.headline}  seed ${run.seed}`,
      )
  }
  const count = (outcome: VerdictOutcome): number =>
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
