import { asTyped } from '../../as-typed.ts'
import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { wrap } from '../../ui/wrap.ts'

export default defineCommand({
  about: 'Prints the hints that you have taken so far and the next one.',
  args: { lab: labArgument },
  examples: ['unhappy lab hint lab-zero'],
  run: async ({ args, cli }) => {
    const { hints, hintsTotal } = await openLabControl(cli).hint(args.lab)
    if (cli.json) return cli.out.line(JSON.stringify({ hints, hintsTotal }))
    for (const [index, hint] of hints.entries()) {
      const label = `Hint ${index + 1} of ${hintsTotal}`
      const newest = index === hints.length - 1
      cli.out.line(newest ? cli.out.colours.bold(label) : cli.out.colours.dim(label))
      cli.out.line(`${wrap(asTyped(hint, cli.program), Math.min(cli.out.columns, 100))}\n`)
    }
    if (hints.length === hintsTotal)
      cli.out.line(
        asTyped(
          `That was the last. The shop's own file: unhappy lab solution ${args.lab}`,
          cli.program,
        ),
      )
  },
})
