import { createInterface } from 'node:readline/promises'

import type {
  LabView,
  PredictionBody,
  TransferAnswer,
  TransferQuestion,
} from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { wrap } from '../ui/wrap.ts'

const typedWithinMs = 30

/** Asks for the learner's prediction before the first measurement. Undefined if the learner skips it. */
export async function askPrediction(
  cli: Cli,
  lab: Pick<LabView, 'question' | 'answers'>,
): Promise<PredictionBody | undefined> {
  const { err } = cli
  err.line(
    `\n${err.colours.bold('Predict before you measure.')} Your prediction is not graded. You cannot change it later.\n`,
  )
  err.line(wrap(lab.question, err.columns))
  const letters = lab.answers.map((_answer, index) => letterOf(index))
  for (const [index, answer] of lab.answers.entries())
    err.line(wrap(`  ${letters[index]}) ${answer}`, err.columns, 3))
  const letter = await ask(
    cli,
    `Your answer (${letters.join('/')}, - to skip): `,
    (text) => text === '-' || letters.includes(text.toLowerCase()),
  )
  if (letter === undefined || letter === '-') return undefined
  return { answer: letters.indexOf(letter.toLowerCase()), confidence: await askConfidence(cli) }
}

/** Asks what can go wrong and on which message. Undefined if the learner skips it. */
export async function askTransfer(
  cli: Cli,
  { messages, choices }: Pick<TransferQuestion, 'messages' | 'choices'>,
): Promise<TransferAnswer | undefined> {
  const letters = choices.map((_choice, index) => letterOf(index))
  const letter = await ask(
    cli,
    `What can go wrong (${letters.join('/')}, - to skip)? `,
    (text) => text === '-' || letters.includes(text.toLowerCase()),
  )
  if (letter === undefined || letter === '-') return undefined
  const message = await ask(
    cli,
    `On which message (1 to ${messages.length}, 0 for none of them)? `,
    (text) => /^\d{1,2}$/.test(text) && Number(text) <= messages.length,
  )
  if (message === undefined) return undefined
  const choice = choices[letters.indexOf(letter.toLowerCase())]?.id ?? ''
  return { message: Number(message), choice, confidence: await askConfidence(cli) }
}

async function askConfidence(cli: Cli): Promise<number> {
  const text = await ask(cli, 'How sure are you, in percent? [50] ', (given) =>
    /^((\d{1,2}|100)%?)?$/.test(given),
  )
  cli.err.line()
  return text === undefined || text === '' ? 50 : Number.parseInt(text, 10)
}

/** Asks the learner to explain the result. Undefined if the learner writes nothing. */
export async function askExplanation(cli: Cli): Promise<string | undefined> {
  await discardTypedInput(cli)
  cli.err.line(
    `\n${cli.err.colours.bold('What do you think happened?')} Write one or two sentences. The story follows.`,
  )
  const text = await ask(cli, '> ', () => true)
  return text === undefined || text === '' ? undefined : text
}

/** Discards what was typed during the run: an Enter from that time must not answer the question. */
async function discardTypedInput(cli: Cli): Promise<void> {
  const ignore = (): void => undefined
  process.stdin.on('data', ignore).resume()
  await cli.clock.sleep(typedWithinMs, cli.signal)
  process.stdin.off('data', ignore).pause()
}

/** Repeats the question until the input fits. Undefined if standard input ends first. */
export async function ask(
  cli: Cli,
  question: string,
  fits: (text: string) => boolean,
): Promise<string | undefined> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const closed = new AbortController()
  prompt.once('close', () => closed.abort())
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    for (;;) {
      const text = await prompt.question(question, {
        signal: AbortSignal.any([closed.signal, cli.signal]),
      })
      if (fits(text.trim())) return text.trim()
    }
  } catch (error) {
    cli.signal.throwIfAborted()
    if (closed.signal.aborted) return undefined
    throw error
  } finally {
    prompt.close()
  }
}

/** 0 is `a`, 1 is `b`. */
export function letterOf(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index)
}
