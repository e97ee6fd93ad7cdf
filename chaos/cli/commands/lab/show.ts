import type { LabView, LockedUntil, UnlockableId } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { confirmsSpoiler } from '../../lab/confirm-spoiler.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { withProgramName } from '../../program-name.ts'
import { markdownText } from '../../ui/markdown.ts'

export default defineCommand({
  about:
    'Prints the parts of the README that you can use now. Run and Look follow after the first verdict, Explain after your own explanation.',
  args: {
    lab: labArgument,
    section: {
      type: 'string',
      valueHint: 'name',
      description:
        'Only this section, even if it is locked: story, goal, predict, run, look, explain, fix, check.',
    },
    all: {
      type: 'boolean',
      description: 'Everything, with what gives the solution away: for instructors.',
    },
    yes: { type: 'boolean', alias: 'y', description: 'Do not ask for confirmation.' },
  },
  examples: ['unhappy lab show lab-zero', 'unhappy lab show lab-zero --section look'],
  run: async ({ args, cli }) => {
    const all = args.all === true
    const control = openLabControl(cli, { showAll: all })
    const view = await control.get(args.lab)
    if (args.section !== undefined) return await showSection(cli, view, args.section, args.yes)
    if (cli.json) return cli.out.line(JSON.stringify(view))
    print(cli, view.readme)
    if (all) return print(cli, (await control.after(args.lab)).text)
    const locked = view.sections.filter(({ markdown }) => markdown === undefined)
    for (const { title, lockedUntil } of locked)
      cli.out.line(cli.out.colours.dim(`${title.padEnd(8)} ${words[lockedUntil ?? 'held']}`))
  },
})

const words: Readonly<Record<LockedUntil, string>> = {
  'the verdict': 'after the first verdict',
  'your explanation': 'after your explanation',
  held: 'after your code holds',
}

async function showSection(
  cli: Cli,
  view: LabView,
  name: string,
  yes: boolean | undefined,
): Promise<void> {
  const control = openLabControl(cli)
  const section = view.sections.find(({ id }) => id === name)
  if (section === undefined)
    throw new InputError(`The README of ${view.id} has no section "${name}".`, {
      remedy: `Use one of: ${view.sections.map(({ id }) => id).join(', ')}.`,
    })
  const { id, title, lockedUntil } = section
  if (lockedUntil !== undefined) {
    const what = `the section ${title}, which comes ${words[lockedUntil]},`
    if (!(await confirmsSpoiler(cli, { state: view.state, what, yes: yes === true }))) return
    await control.unlock(view.id, id as UnlockableId)
  }
  const shown = (await control.get(view.id)).sections.find((one) => one.id === id)
  if (cli.json) return cli.out.line(JSON.stringify(shown))
  print(cli, `## ${title}\n\n${shown?.markdown ?? ''}`)
}

function print(cli: Cli, markdown: string): void {
  const text = markdownText(markdown, cli.out).replaceAll('npx unhappy ', 'unhappy ')
  cli.out.line(`${withProgramName(text, cli.program)}\n`)
}
