import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  args: {
    profile: {
      type: 'positional',
      required: true,
      description: 'Name of a profile, from `unhappy profile list`.',
    },
  },
  examples: ['unhappy profile stop callbacks'],
  run: async ({ args, cli }) => {
    const client = await requireSandbox(cli)
    const profile = await client.stopProfile(args.profile)
    if (cli.json) return cli.out.line(JSON.stringify(profile))
    cli.out.line(
      profile.on
        ? `${profile.name} stays on. Still needed by: ${profile.holders.join(', ')}.`
        : `${profile.name} is off.`,
    )
  },
})
