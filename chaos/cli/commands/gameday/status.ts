import { clockTime } from '#chaos/gameday/clock-time.ts'

import { defineCommand } from '../../command.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  examples: ['unhappy gameday status', 'unhappy gameday status --json'],
  run: async ({ cli }) => {
    const view = await (await requireSandbox(cli)).gameday()
    if (cli.json) return cli.out.line(JSON.stringify(view))
    if (view === null) return cli.out.line('There was no game day since the sandbox started.')
    const { open, closed, incidents, seed, state } = view
    cli.out.line(
      `Game day, seed ${seed}: ${state}, ${closed.length} of ${incidents} incidents closed.`,
    )
    if (open === null) return
    const { number, answers, actions } = open
    cli.out.line(
      `Incident ${number}: ${open.state}, open for ${clockTime(open.openForMs)} of ${clockTime(open.limitMs)}.`,
    )
    if (answers !== null)
      cli.out.line(`Your answers: ${answers.wrong ? 'something is wrong' : 'nothing is wrong'}.`)
    for (const { atMs, action, target, result } of actions)
      cli.out.line(`  ${clockTime(atMs)}  ${action} ${target}: ${result}`)
  },
})
