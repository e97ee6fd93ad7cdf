import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { withProgramName } from '../../program-name.ts'
import { wrap } from '../../ui/wrap.ts'

export default defineCommand({
  about: 'Prints the hints that you already asked for and the next one. Later hints tell more.',
  args: { lab: labArgument },
  examples: ['unhappy lab hint lab-zero'],
  run: async ({ args, cli }) => {
    const { hints, hintsTotal } = await openLabControl(cli).hint(args.lab)
    if (cli.json) return cli.out.line(JSON.stringify({ hints, hintsTotal }))
    for (const [index, hint] of hints.entries()) {
      const label = `Hint ${index + 1} of ${hintsTotal}`
      const newest = index === hints.length - 1
      cli.out.line(newest ? cli.out.colours.bold(label) : cli.out.colours.dim(label))
      cli.out.line(`${wrap(withProgramName(hint, cli.program), Math.min(cli.out.columns, 100))}\n`)
    }
    if (hints.length === hintsTotal)
      cli.out.line(
        withProgramName(
          `This is the last hint. Compare with the shop's own file: unhappy lab solution ${args.lab}`,
          cli.program,
        ),
      )
  },
})
