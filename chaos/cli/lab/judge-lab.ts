import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { CheckBody, LabView, RunView } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { Version } from '#chaos/exercise/version.ts'

import type { Cli } from '../cli.ts'
import { exitStatusOfRun } from '../exit-status.ts'
import { withProgramName } from '../program-name.ts'
import { predictionText, runText, storyText, verdictText } from '../ui/verdict.ts'
import { wrap } from '../ui/wrap.ts'
import { askExplanation } from './ask.ts'
import { openLabControl } from './lab-control.ts'
import { stepAfterHeld } from './next-step.ts'
import { watchRun } from './watch-run.ts'

export interface JudgeRequest extends CheckBody {
  readonly lab: Lab
  readonly version: Version
}

/** Runs one version of a lab, shows its progress and prints the verdict. Returns the exit status. */
export async function judgeLab(
  cli: Cli,
  client: ApiClient,
  request: JudgeRequest,
): Promise<number> {
  const { lab, ...check } = request
  const { version } = check
  const run = await watchRun(cli, client, () => client.checkLab(lab.id, check))
  if (cli.json) {
    cli.out.line(JSON.stringify(run))
    return exitStatusOfRun(run)
  }
  const status = exitStatusOfRun(run)
  if (run.verdict === null) return status
  const view = await openLabControl(cli).get(lab.id)
  cli.out.line(`\n${verdictText(run.verdict, cli.out)}`)
  const { story } = run.verdict
  if (version === 'mine' && run.outcome === 'violated') await explain(cli, view)
  if (story !== undefined) cli.out.line(`\n${storyText(story, cli.out)}`)
  const isMine = version === 'mine'
  const prediction = isMine && run.outcome === 'violated' ? predictionText(view, cli.out) : ''
  if (prediction !== '') cli.out.line(`\n${prediction}`)
  cli.out.line(`\n${withProgramName(runText(run, cli.out), cli.program)}`)
  const next = isMine ? nextText(cli, run, view) : ''
  if (next !== '') cli.out.line(next)
  return status
}

/** Asks for the learner's explanation before the story is printed: this order teaches more. */
async function explain(cli: Cli, view: LabView): Promise<void> {
  if (!cli.interactive || view.explanation !== null) return
  const text = await askExplanation(cli)
  if (text !== undefined) await openLabControl(cli).explain(view.id, text)
}

function nextText(cli: Cli, run: RunView, view: LabView): string {
  const files = view.files.map((file) => file.path).join(', ')
  const texts = {
    violated: `Next: change ${files}, then: unhappy lab check ${view.id}   (need help? unhappy lab hint ${view.id})`,
    held: [
      '',
      'What this lab shows',
      ...view.learned.map((line) => wrap(`  - ${line}`, Math.min(cli.out.columns, 100), 2)),
      '',
      `Compare with the shop's own file: unhappy lab solution ${view.id}`,
      stepAfterHeld(view.id),
    ].join('\n'),
    inconclusive: `The run proved nothing. Run it again: unhappy lab check ${view.id}`,
  }
  return run.outcome === null ? '' : withProgramName(texts[run.outcome], cli.program)
}
