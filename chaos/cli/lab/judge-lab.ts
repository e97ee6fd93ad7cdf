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
  const control = openLabControl(cli)
  cli.out.line(`\n${verdictText(run.verdict, cli.out)}`)
  const { story } = run.verdict
  const isMine = version === 'mine'
  if (isMine && run.outcome === 'violated') await explain(cli, await control.get(lab.id))
  // After the explanation: it unlocks the story, and why the right answer is right.
  const view = await control.get(lab.id)
  const isHeldBack = isMine && view.storyLockedUntil !== null
  if (story !== undefined)
    cli.out.line(`\n${isHeldBack ? howToReadStory(cli, lab.id) : storyText(story, cli.out)}`)
  const prediction = isMine && run.outcome === 'violated' ? predictionText(view, cli.out) : ''
  if (prediction !== '') cli.out.line(`\n${prediction}`)
  cli.out.line(`\n${withProgramName(runText(run, cli.out), cli.program)}`)
  const next = isMine ? nextText(cli, lab, run, view) : ''
  if (next !== '') cli.out.line(next)
  return status
}

/** Asks for the learner's explanation before the story is printed: this order teaches more. */
async function explain(cli: Cli, view: LabView): Promise<void> {
  if (!cli.interactive || view.explanation !== null) return
  const text = await askExplanation(cli)
  if (text !== undefined) await openLabControl(cli).explain(view.id, text)
}

function howToReadStory(cli: Cli, lab: string): string {
  const { bold } = cli.out.colours
  const text = `${bold('What do you think happened?')} The story of one failed request follows when you have written it down: unhappy lab explain ${lab} "..."`
  return withProgramName(wrap(text, Math.min(cli.out.columns, 100)), cli.program)
}

function nextText(cli: Cli, lab: Lab, run: RunView, view: LabView): string {
  const files = view.files.map((file) => file.path).join(', ')
  const texts = {
    violated: `Next: change ${files}, then: unhappy lab check ${view.id}   (need help? unhappy lab hint ${view.id})`,
    held: [
      '',
      'What this lab shows',
      ...lab.learned.map((line) => wrap(`  - ${line}`, Math.min(cli.out.columns, 100), 2)),
      '',
      `Compare with the shop's own file: unhappy lab solution ${view.id}`,
      stepAfterHeld(view.id),
    ].join('\n'),
    inconclusive: `The run proved nothing. Run it again: unhappy lab check ${view.id}`,
  }
  return run.outcome === null ? '' : withProgramName(texts[run.outcome], cli.program)
}
