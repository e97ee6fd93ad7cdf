import type { LabSummary } from '#chaos/contracts/api.ts'

import { asTyped } from '../../as-typed.ts'
import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { openLabDesk } from '../../lab/desk.ts'
import { table } from '../../ui/table.ts'

const trackNames: Readonly<Record<LabSummary['track'], string>> = {
  'first-steps': 'First steps',
  'backend-reality': 'Backend reality',
  'data-correctness': 'Data correctness',
  'production-reality': 'Production reality',
}

export default defineCommand({
  about: 'In teaching order.',
  examples: ['unhappy lab list'],
  run: async ({ cli }) => {
    const labs = await openLabDesk(cli).list()
    if (cli.json) return cli.out.line(JSON.stringify(labs))
    for (const [track, members] of Map.groupBy(labs, (lab) => lab.track)) {
      cli.out.line(cli.out.colours.bold(trackNames[track]))
      cli.out.line(list(cli, members))
      cli.out.line()
    }
    const next = labs.find((lab) => lab.state !== 'held') ?? labs[0]
    if (next !== undefined)
      cli.out.line(
        asTyped(
          `Next: unhappy lab ${next.state === 'new' ? 'start' : 'check'} ${next.id}`,
          cli.program,
        ),
      )
  },
})

function list(cli: Cli, labs: readonly LabSummary[]): string {
  const { green, red, yellow, dim } = cli.out.colours
  const words = {
    new: dim('-'),
    started: yellow('started'),
    violated: red('violated'),
    held: green('held'),
  }
  const rows = labs.map((lab) => [lab.id, lab.title, `${lab.minutes} min`, words[lab.state]])
  const columns = [{ title: 'lab' }, { title: 'title' }, { title: 'time' }, { title: 'state' }]
  return table(columns, rows, { width: cli.out.columns, heading: dim })
}
