import type { AnsweredTransfer, TransferQuestion } from '#chaos/contracts/api.ts'
import { nothing } from '#chaos/exercise/transfer/read-transfer.ts'

import type { Printer } from '../ui/printer.ts'
import { wrap } from '../ui/wrap.ts'
import { letterOf } from './ask.ts'

const textWidthMax = 100

/** The code with its numbered messages, and the choices. */
export function transferQuestionText(question: TransferQuestion, out: Printer): string {
  const width = Math.min(out.columns, textWidthMax)
  const { bold, dim } = out.colours
  return [
    bold(question.title),
    '',
    wrap(question.setting, width),
    '',
    codeText(question, out),
    '',
    bold('The messages'),
    ...question.messages.map(({ number, line, says }) =>
      wrap(`${String(number).padStart(2)}  ${says} ${dim(`(line ${line})`)}`, width, 4),
    ),
    ' 0  none of them',
    '',
    bold('What can go wrong here, and on which message?'),
    dim(
      wrap(
        'Name the message with which it begins. It fails, is misread, comes late, comes twice or gets no reply.',
        width,
      ),
    ),
    ...question.choices.map(({ id, says }, i) =>
      wrap(`${letterOf(i)}) ${choiceText(id, says)}`, width, 3),
    ),
    '',
  ].join('\n')
}

/** The numbers of the messages are at the left of their lines. */
function codeText({ code, messages }: TransferQuestion, { colours }: Printer): string {
  const { bold, dim } = colours
  return code
    .trimEnd()
    .split('\n')
    .map((text, i) => {
      const message = messages.find(({ line }) => line === i + 1)
      const number = message === undefined ? '   ' : bold(`[${message.number}]`)
      return `${number} ${dim(String(i + 1).padStart(2))}  ${text}`.trimEnd()
    })
    .join('\n')
}

/** What the learner answered and what is right, with a reason for each wrong choice. */
export function transferAnswerText(
  { question, answer, right, wrong, explanation, elsewhere }: AnsweredTransfer,
  out: Printer,
): string {
  const width = Math.min(out.columns, textWidthMax)
  const { bold, green, red } = out.colours
  const result = answer.right ? green('Right.') : red('Not right.')
  const messages = right.messages.length === 0 ? 'none of them' : right.messages.join(' or ')
  return [
    `${bold(question.title)}: ${result} You were ${answer.confidence} % sure.`,
    '',
    ...question.choices.map(({ id, says }, i) => {
      const because = wrong.find(({ choice }) => choice === id)?.because
      const mark = id === right.choice ? green('✓') : red('✗')
      const mine = id === answer.choice ? ' (your answer)' : ''
      const lines = [`${mark} ${letterOf(i)}) ${choiceText(id, says)}${mine}`]
      if (because !== undefined) lines.push(`     ${because}`)
      return lines.map((line) => wrap(line, width, 5)).join('\n')
    }),
    '',
    `Message: ${messages} (your answer: ${answer.message === 0 ? 'none of them' : answer.message})`,
    '',
    wrap(explanation, width),
    '',
    bold('Where else it appears'),
    ...elsewhere.map((place) => wrap(`- ${place}`, width, 2)),
  ].join('\n')
}

/** The last choice of each question says that the code is right. */
function choiceText(id: string, says: string): string {
  return id === nothing ? `None of these. ${says}` : says
}
