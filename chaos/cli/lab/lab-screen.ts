import type { LabView } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { withProgramName } from '../program-name.ts'
import { definitions } from '../ui/text-table.ts'
import { wrap } from '../ui/wrap.ts'

/** The files of a lab and the commands to use with it. */
export function labScreen(view: LabView, cli: Cli): string {
  const { bold, cyan } = cli.out.colours
  const width = Math.min(cli.out.columns, 100)
  return [
    `${bold(view.title)}  (${view.minutes} minutes)`,
    '',
    wrap(view.goal, width),
    '',
    definitions(
      [
        ['Read', withProgramName(`unhappy lab show ${view.id}`, cli.program)],
        ['Edit', view.files.map((file) => cyan(file.path)).join('  ')],
        ['Check', withProgramName(`unhappy lab check ${view.id}`, cli.program)],
        ['Stuck', withProgramName(`unhappy lab hint ${view.id}`, cli.program)],
      ],
      { width, indent: 2 },
    ),
    '',
    'Check it once before you change anything, to see how it fails.',
  ].join('\n')
}
