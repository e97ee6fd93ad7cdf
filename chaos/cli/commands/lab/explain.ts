import { createRunArchive } from '#chaos/api/runs/run-archive.ts'
import type { Story } from '#chaos/contracts/check.ts'
import { textLengthMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { askExplanation } from '../../lab/ask.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { withProgramName } from '../../program-name.ts'
import { markdownText } from '../../ui/markdown.ts'
import { storyText } from '../../ui/verdict.ts'

export default defineCommand({
  about:
    'Keeps what you think happened, then prints the story of your last violated run and the section Explain. Without a text it asks for one.',
  args: {
    lab: labArgument,
    text: { type: 'positional', required: false, description: 'One or two sentences.' },
  },
  examples: ['unhappy lab explain lab-zero "Redis was down, and the read did not catch that."'],
  run: async ({ args, cli }) => {
    const control = openLabControl(cli)
    const before = await control.get(args.lab)
    const text = args.text ?? (cli.interactive ? await askExplanation(cli) : undefined)
    if (text === undefined && before.explanation === null)
      throw new InputError('There is no explanation yet.', {
        remedy: `Write it as one argument: unhappy lab explain ${args.lab} "..."`,
      })
    if (text !== undefined && (text.trim() === '' || text.length > textLengthMax))
      throw new InputError(`The explanation has ${text.length} characters.`, {
        remedy: `Write 1 to ${textLengthMax} characters.`,
      })
    const view = text === undefined ? before : await control.explain(args.lab, text)
    const story = await lastStory(cli, args.lab)
    const explained = view.sections.find(({ id }) => id === 'explain')
    if (cli.json) {
      const result = { explanation: view.explanation, story: story ?? null, explain: explained }
      return cli.out.line(JSON.stringify(result))
    }
    if (story !== undefined) cli.out.line(`${storyText(story, cli.out)}\n`)
    if (explained?.markdown === undefined)
      return cli.out.line(
        withProgramName(
          `Your explanation is kept. The story and the section Explain follow after the first verdict: unhappy lab check ${args.lab}`,
          cli.program,
        ),
      )
    const page = markdownText(`## Explain\n\n${explained.markdown}`, cli.out)
    cli.out.line(withProgramName(page.replaceAll('npx unhappy ', 'unhappy '), cli.program))
  },
})

/** The story of the newest violated run of the learner's own code. */
async function lastStory(cli: Cli, lab: string): Promise<Story | undefined> {
  const archive = createRunArchive(cli.home.runs)
  const run = (await archive.list()).find(
    (one) => one.lab === lab && (one.version ?? 'mine') === 'mine' && one.outcome === 'violated',
  )
  return run === undefined ? undefined : (await archive.load(run.id)).verdict?.story
}
