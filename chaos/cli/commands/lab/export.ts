import { defineCommand } from '../../command.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'

export default defineCommand({
  about:
    'Prints what you did in a lab as JSON: prediction, explanation, five lenses, outcomes, and your files. Without a lab: every lab that you started.',
  args: { lab: { ...labArgument, required: false } },
  examples: ['unhappy lab export lab-zero', 'unhappy lab export > my-labs.json'],
  run: async ({ args, cli }) => {
    const control = openLabControl(cli)
    if (args.lab !== undefined)
      return cli.out.line(JSON.stringify(await control.record(args.lab), null, 2))
    const started = (await control.list()).filter(({ state }) => state !== 'new')
    const records = await Promise.all(started.map(async ({ id }) => control.record(id)))
    cli.out.line(JSON.stringify(records, null, 2))
  },
})
