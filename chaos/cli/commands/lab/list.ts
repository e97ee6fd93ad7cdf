import type { LabSummary } from '#chaos/contracts/api.ts'
import { tracks } from '#chaos/contracts/lab.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { openLabControl } from '../../lab/lab-control.ts'
import { dueQuestions, nextStep } from '../../lab/next-step.ts'
import { withProgramName } from '../../program-name.ts'
import { textTable } from '../../ui/text-table.ts'

export default defineCommand({
  about:
    'The list is the learning path, in teaching order. An arrow is before the next lab. The last line suggests the next command.',
  examples: ['unhappy lab list'],
  run: async ({ cli }) => {
    const labs = await openLabControl(cli).list()
    if (cli.json) return cli.out.line(JSON.stringify(labs))
    const widest = Math.max(...labs.map((lab) => lab.id.length))
    for (const [track, members] of Map.groupBy(labs, (lab) => lab.track))
      cli.out.line(`${cli.out.colours.bold(tracks[track].title)}\n${list(cli, members, widest)}\n`)
    const held = labs.filter((lab) => lab.state === 'held').length
    cli.out.line(`${held} of ${labs.length} labs hold.`)
    cli.out.line(withProgramName(nextStep(labs), cli.program))
    const due = dueQuestions(labs).map(({ id }) => id)
    if (due.length > 0)
      cli.out.line(withProgramName(`Due: unhappy lab transfer   (${due.join(', ')})`, cli.program))
  },
})

function list(cli: Cli, labs: readonly LabSummary[], widest: number): string {
  const { green, red, yellow, dim } = cli.out.colours
  const words = {
    new: dim('new'),
    started: yellow('started'),
    violated: red('violated'),
    held: green('held'),
  }
  const rows = labs.map((lab) => [
    `${lab.next ? '→' : ' '} ${String(lab.position).padStart(2)}`,
    lab.id,
    words[lab.state],
    `${lab.minutes} min`,
    lab.title,
  ])
  const columns = [
    { title: '', minWidth: '→ 22'.length },
    { title: 'lab', minWidth: widest },
    { title: 'state', minWidth: 'violated'.length },
    { title: 'time', align: 'right' as const, minWidth: '60 min'.length },
    { title: 'title' },
  ]
  return textTable(columns, rows, { width: cli.out.columns, heading: dim })
}
