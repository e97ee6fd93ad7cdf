import { createInterface } from 'node:readline/promises'

import type { LabView, PredictionBody } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { wrap } from '../ui/wrap.ts'

const typedWithinMs = 30

/** Asks what the learner expects, before anything is measured. Undefined: they would rather not say. */
export async function askPrediction(
  cli: Cli,
  lab: Pick<LabView, 'question' | 'answers'>,
): Promise<PredictionBody | undefined> {
  const { err } = cli
  err.line(
    `\n${err.colours.bold('Before you measure, predict.')} It is locked then; nobody grades it.\n`,
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
  const confidence = await ask(cli, 'How sure are you, in percent? [50] ', (text) =>
    /^(\d{1,2}|100|)%?$/.test(text),
  )
  err.line()
  return {
    answer: letters.indexOf(letter.toLowerCase()),
    confidence:
      confidence === undefined || confidence === '' ? 50 : Number.parseInt(confidence, 10),
  }
}

/** Asks for an explanation of what was just seen. Undefined: nothing was written. */
export async function askExplanation(cli: Cli): Promise<string | undefined> {
  await forgetTyped(cli)
  cli.err.line(
    `\n${cli.err.colours.bold('What do you think happened?')} One or two sentences, before the story is told.`,
  )
  const text = await ask(cli, '> ', () => true)
  return text === undefined || text === '' ? undefined : text
}

/** Forgets what was typed while nothing was asked: an Enter out of impatience is no answer. */
async function forgetTyped(cli: Cli): Promise<void> {
  const ignore = (): void => undefined
  process.stdin.on('data', ignore).resume()
  await cli.clock.sleep(typedWithinMs, cli.signal)
  process.stdin.off('data', ignore).pause()
}

/** Undefined when the input has ended. */
async function ask(
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

export function letterOf(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index)
}
