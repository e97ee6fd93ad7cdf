import type { LabView } from '#chaos/contracts/api.ts'

import { asTyped } from '../as-typed.ts'
import type { Cli } from '../cli.ts'
import { definitions } from '../ui/table.ts'
import { wrap } from '../ui/wrap.ts'

/** Where the lab's parts are and what to do with them. */
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
        ['Read', `labs/${view.track}/${view.id}/README.md`],
        ['Edit', view.files.map((file) => cyan(file.path)).join('  ')],
        ['Check', asTyped(`unhappy lab check ${view.id}`, cli.program)],
        ['Stuck', asTyped(`unhappy lab hint ${view.id}`, cli.program)],
      ],
      { width, indent: 2 },
    ),
    '',
    'Check it once before you change anything: see it fail first.',
  ].join('\n')
}
