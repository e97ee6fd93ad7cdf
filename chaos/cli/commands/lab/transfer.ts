import type { TransferAnswer, TransferQuestion, TransferView } from '#chaos/contracts/api.ts'
import type { LabControl } from '#chaos/exercise/lab-control.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { askTransfer, letterOf } from '../../lab/ask.ts'
import { labArgument, openLabControl } from '../../lab/lab-control.ts'
import { dueQuestions } from '../../lab/next-step.ts'
import { transferAnswerText, transferQuestionText } from '../../lab/transfer-text.ts'
import { withProgramName } from '../../program-name.ts'

export default defineCommand({
  about:
    'Shows a short file that you have not seen, with the failure mode of a lab or without it. You say what can go wrong and on which message, without running it. Then you read the answer. The first question comes when your code holds, the second one a week after your answer. Without a lab: the question that has been due for longest.',
  args: {
    lab: { ...labArgument, required: false },
    choice: {
      type: 'string',
      valueHint: 'letter',
      description: 'What can go wrong: the letter of a choice. With --message.',
    },
    message: {
      type: 'string',
      valueHint: 'number',
      description: 'On which message: its number, or 0 for none of them. With --choice.',
    },
    sure: { type: 'string', valueHint: 'percent', description: 'How sure you are (default: 50).' },
  },
  examples: [
    'unhappy lab transfer',
    'unhappy lab transfer lab-zero',
    'unhappy lab transfer lab-zero --choice b --message 2 --sure 70',
  ],
  run: async ({ args, cli }) => {
    const control = openLabControl(cli)
    const lab = args.lab ?? dueQuestions(await control.list())[0]?.id
    if (lab === undefined) return printNothingDue(cli, control)
    const before = await control.transfer(lab)
    const { question } = before
    const isGiven = [args.choice, args.message, args.sure].some((value) => value !== undefined)
    if (question === null) {
      if (isGiven) throw notDue(before)
      return print(cli, before)
    }
    if (!cli.json) cli.out.line(transferQuestionText(question, cli.out))
    const answer = isGiven
      ? parsedAnswer(question, args)
      : cli.interactive
        ? await askTransfer(cli, question)
        : undefined
    if (answer !== undefined) {
      const after = await control.answerTransfer(lab, { ...answer, step: question.step })
      return print(cli, { ...after, answered: after.answered.slice(-1) })
    }
    if (cli.json) return print(cli, before)
    const how = `unhappy lab transfer ${lab} --choice a --message 1 --sure 70`
    cli.out.line(withProgramName(`Your answer, for example: ${how}`, cli.program))
  },
})

function print(cli: Cli, view: TransferView): void {
  if (cli.json) return cli.out.line(JSON.stringify(view))
  for (const answered of view.answered) cli.out.line(`${transferAnswerText(answered, cli.out)}\n`)
  const next = {
    locked: `The first question comes when your code holds: unhappy lab check ${view.lab}`,
    due: `A question is due: unhappy lab transfer ${view.lab}`,
    waiting: `The second question is due from ${view.dueAt?.slice(0, 10) ?? ''} on.`,
    done: 'You have answered both questions: unhappy lab progress',
  }
  cli.out.line(withProgramName(next[view.state], cli.program))
}

async function printNothingDue(cli: Cli, control: LabControl): Promise<void> {
  const waiting = (await control.list()).filter(({ transfer }) => transfer.state === 'waiting')
  const rows = waiting.map(({ id, transfer }) => ({ id, dueAt: transfer.dueAt ?? '' }))
  if (cli.json) return cli.out.line(JSON.stringify({ due: [], waiting: rows }))
  cli.out.line('No question is due.')
  for (const { id, dueAt } of rows.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1)))
    cli.out.line(`  ${id} from ${dueAt.slice(0, 10)} on`)
  if (rows.length === 0)
    cli.out.line(
      withProgramName(
        'The first one comes when your code of a lab holds: unhappy lab list',
        cli.program,
      ),
    )
}

function notDue({ lab, state, dueAt }: TransferView): InputError {
  const why = {
    locked: 'it comes when your code holds',
    waiting: `it comes on ${dueAt?.slice(0, 10) ?? ''}`,
    done: 'you have answered both',
    due: 'it is not read yet',
  }
  return new InputError(`No question of ${lab} is due: ${why[state]}.`, {
    remedy: 'See what is due: unhappy lab progress',
  })
}

function parsedAnswer(
  { messages, choices }: TransferQuestion,
  given: Readonly<Record<'choice' | 'message' | 'sure', string | undefined>>,
): TransferAnswer {
  const letters = choices.map((_choice, index) => letterOf(index))
  const choice = choices[letters.indexOf((given.choice ?? '').toLowerCase())]
  if (choice === undefined)
    throw new InputError(`--choice is "${given.choice ?? ''}", which is not a choice.`, {
      remedy: `Use one of: ${letters.join(', ')}.`,
    })
  return {
    choice: choice.id,
    message: wholeNumber('--message', given.message, messages.length),
    confidence: given.sure === undefined ? 50 : wholeNumber('--sure', given.sure, 100),
  }
}

function wholeNumber(name: string, text: string | undefined, max: number): number {
  if (text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= max) return Number(text)
  throw new InputError(`${name} is "${text ?? ''}", which is not valid.`, {
    remedy: `Use a whole number from 0 to ${max}.`,
  })
}
