import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { Type } from 'typebox'
import type { Static } from 'typebox'
import { Errors } from 'typebox/value'
import { parse } from 'yaml'

import type { TransferQuestion, TransferStep } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'

import { labFolder } from '../folders.ts'

const Text = Type.String({ minLength: 1 })
const closed = { additionalProperties: false }

/** `transfer/now/question.yaml`, next to `code.ts`. */
const QuestionSchema = Type.Object(
  {
    title: Text,
    setting: Text,
    messages: Type.Array(
      Type.Object(
        {
          /** Text that exactly one line of the code contains. */
          at: Text,
          says: Text,
          right: Type.Optional(Type.Literal(true)),
        },
        closed,
      ),
      { minItems: 2 },
    ),
    choices: Type.Array(
      Type.Object(
        {
          id: Text,
          says: Text,
          right: Type.Optional(Type.Literal(true)),
          wrong: Type.Optional(Text),
        },
        closed,
      ),
      { minItems: 4, maxItems: 5 },
    ),
    explanation: Text,
    elsewhere: Type.Array(Text, { minItems: 1 }),
  },
  closed,
)

/** A question with its answer. */
export interface Transfer extends Omit<TransferQuestion, 'step'> {
  readonly right: { readonly messages: readonly number[]; readonly choice: string }
  readonly wrong: readonly { readonly choice: string; readonly because: string }[]
  readonly explanation: string
  readonly elsewhere: readonly string[]
}

/** The choice that says: the code is right. It is the last one. */
export const nothing = 'nothing'

/** Reads a question of a lab. Throws when the files of the lab are not valid. */
export async function readTransfer(lab: Lab, step: TransferStep): Promise<Transfer> {
  const folder = join(labFolder(lab), 'transfer', step)
  const [code, text] = await Promise.all([
    readFile(join(folder, 'code.ts'), 'utf8'),
    readFile(join(folder, 'question.yaml'), 'utf8'),
  ])
  return parseTransfer(code, text, `${lab.id}/transfer/${step}`)
}

/** Throws when the texts are not valid. `name` is for the error. */
export function parseTransfer(code: string, text: string, name: string): Transfer {
  const file: unknown = parse(text)
  const [error] = Errors(QuestionSchema, file)
  if (error !== undefined)
    throw new Error(`${name}/question.yaml ${error.instancePath}: ${error.message}`)
  const question = file as Static<typeof QuestionSchema>
  const messages = question.messages
    .map(({ at, says, right }) => ({ line: lineOf(code, at, name), says, right }))
    .toSorted((a, b) => a.line - b.line)
    .map((message, i) => ({ ...message, number: i + 1 }))
  const right = question.choices.filter((choice) => choice.right === true)
  const [choice] = right
  if (choice === undefined || right.length > 1)
    throw new Error(`${name}/question.yaml: ${right.length} choices are right. Mark one.`)
  const rightMessages = messages.filter((message) => message.right === true)
  if ((choice.id === nothing) !== (rightMessages.length === 0))
    throw new Error(`${name}/question.yaml: mark a message as right, except if nothing is wrong.`)
  return {
    title: question.title,
    setting: question.setting,
    code,
    messages: messages.map(({ number, line, says }) => ({ number, line, says })),
    choices: shuffled(question.choices, name).map(({ id, says }) => ({ id, says })),
    right: { messages: rightMessages.map(({ number }) => number), choice: choice.id },
    wrong: question.choices.flatMap(({ id, wrong }) =>
      wrong === undefined ? [] : [{ choice: id, because: wrong }],
    ),
    explanation: question.explanation,
    elsewhere: question.elsewhere,
  }
}

function lineOf(code: string, at: string, name: string): number {
  const lines = code.split('\n').flatMap((line, i) => (line.includes(at) ? [i + 1] : []))
  const [line] = lines
  if (line === undefined || lines.length > 1)
    throw new Error(`${name}/question.yaml: ${lines.length} lines of code.ts contain "${at}".`)
  return line
}

/** The same sequence each time. It does not depend on the sequence in the file, where the right one often comes first. */
function shuffled<Choice extends { readonly id: string }>(
  choices: readonly Choice[],
  name: string,
): readonly Choice[] {
  const key = ({ id }: Choice): string =>
    id === nothing ? 'z' : createHash('sha256').update(`${name} ${id}`).digest('hex')
  return choices.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
