import { createInterface } from 'node:readline/promises'

import { messageOf } from '#chaos/lib/errors.ts'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../run.ts'

/** Something that answers one line at a time. */
export interface Session extends AsyncDisposable {
  readonly name: string
  /** Shown once, before the first prompt. */
  readonly greeting: string
  /** Returns the text to print: for people, or JSON. */
  answer(line: string, options: { readonly json: boolean; readonly width: number }): Promise<string>
  /** More lines belong to the same statement. */
  isComplete(text: string): boolean
}

/**
 * One statement, or statements from a pipe, or a prompt until `exit` or Ctrl-D. A statement that fails is told and, at a
 * prompt, the next may come; elsewhere the status is 3.
 */
export async function runPrompt(
  cli: Cli,
  session: Session,
  given: string | undefined,
): Promise<number> {
  if (given !== undefined) return answerOne(cli, session, given)
  const asks = cli.interactive
  const lines = createInterface({
    input: process.stdin,
    ...(asks ? { output: process.stderr, history: [], historySize: 200 } : {}),
    signal: cli.signal,
  })
  const prompt = (text: string): void => {
    lines.setPrompt(`${session.name}${text === '' ? '>' : ' '} `)
    if (asks) lines.prompt()
  }
  if (asks) cli.err.line(cli.err.colours.dim(session.greeting))
  let text = ''
  prompt(text)
  for await (const line of lines) {
    text = text === '' ? line : `${text}\n${line}`
    if (/^\s*(exit|quit|\\q)\s*;?\s*$/i.test(text)) break
    if (text.trim() === '') text = ''
    else if (session.isComplete(text)) {
      const status = await answerOne(cli, session, text)
      if (status !== exitStatus.held && !asks) return status
      text = ''
    }
    prompt(text)
  }
  lines.close()
  return text.trim() === '' || asks || /^\s*(exit|quit|\\q)/i.test(text)
    ? exitStatus.held
    : answerOne(cli, session, text)
}

async function answerOne(cli: Cli, session: Session, statement: string): Promise<number> {
  try {
    const { json } = cli
    cli.out.line(await session.answer(statement, { json, width: cli.out.columns }))
    return exitStatus.held
  } catch (error) {
    cli.err.line(cli.err.colours.red(messageOf(error)))
    return exitStatus.badInput
  }
}
