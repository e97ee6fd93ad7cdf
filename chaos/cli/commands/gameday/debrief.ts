import { InputError } from '#chaos/lib/errors.ts'

import { defineCommand } from '../../command.ts'
import { debriefText } from '../../gameday/debrief-text.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  about: 'Shows the incidents that have closed. The page is in runs/, when the game day has ended.',
  examples: ['unhappy gameday debrief', 'unhappy gameday debrief --json'],
  run: async ({ cli }) => {
    const view = await (await requireSandbox(cli)).gameday()
    if (view === null || view.closed.length === 0)
      throw new InputError('No incident has closed, so there is no debrief.', {
        remedy: 'Start a game day: unhappy gameday start',
      })
    if (cli.json) return cli.out.line(JSON.stringify(view.closed))
    cli.out.line(debriefText(view, cli))
  },
})
