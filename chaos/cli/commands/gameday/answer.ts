import type { AnswersBody } from '#chaos/contracts/gameday/gameday-view.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineCommand } from '../../command.ts'
import { placesOf } from '../../gameday/places-of.ts'
import { requireSandbox } from '../../sandbox/find.ts'

export default defineCommand({
  about:
    'The latest answers count. `unhappy gameday choices` lists the places and the causes. With --final the incident closes, and the checks judge your actions.',
  args: {
    wrong: {
      type: 'string',
      required: true,
      valueHint: 'yes|no',
      description: 'Whether something is wrong.',
    },
    where: { type: 'string', valueHint: 'places', description: 'Where it begins, with commas.' },
    cause: { type: 'string', valueHint: 'cause', description: 'Why.' },
    chain: {
      type: 'string',
      valueHint: 'places',
      description: 'How it spreads: places in order, with commas, the cause first.',
    },
    note: { type: 'string', valueHint: 'text', description: 'What you did and why; not scored.' },
    final: { type: 'boolean', description: 'Close the incident.' },
  },
  examples: [
    'unhappy gameday answer --wrong yes',
    "unhappy gameday answer --wrong yes --where 'worker-*:payments' --cause latency --chain 'worker-*:payments,worker-*,postgres' --final",
    'unhappy gameday answer --wrong no --final',
  ],
  run: async ({ args, cli }) => {
    if (args.wrong !== 'yes' && args.wrong !== 'no')
      throw new InputError(`"${args.wrong}" is not an answer.`, {
        remedy: 'Use --wrong yes or --wrong no.',
      })
    const body: AnswersBody = {
      wrong: args.wrong === 'yes',
      ...(args.where === undefined ? {} : { where: placesOf(args.where) }),
      ...(args.cause === undefined ? {} : { cause: args.cause }),
      ...(args.chain === undefined ? {} : { chain: placesOf(args.chain) }),
      ...(args.note === undefined ? {} : { note: args.note }),
      ...(args.final === true ? { final: true } : {}),
    }
    const view = await (await requireSandbox(cli)).answerIncident(body)
    cli.out.line(
      cli.json
        ? JSON.stringify(view)
        : args.final === true
          ? 'Your final answers are kept. The checks judge your actions now.'
          : 'Your answers are kept. You can change them until the incident closes.',
    )
  },
})
