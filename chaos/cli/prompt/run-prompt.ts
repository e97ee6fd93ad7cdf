import { createInterface } from 'node:readline/promises'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../exit-status.ts'
import { errorText } from '../run.ts'

/** A connection that executes statements. */
export interface PromptSession extends AsyncDisposable {
  readonly name: string
  /** Printed once, before the first prompt. */
  readonly greeting: string
  /** Executes one statement and returns the text to print, as a table or as JSON. */
  execute(
    line: string,
    options: { readonly json: boolean; readonly width: number },
  ): Promise<string>
  /** False if the statement continues on the next line. */
  isComplete(text: string): boolean
}

/**
 * Executes the given statement, statements from a pipe, or statements from a prompt until `exit` or Ctrl-D. After an error
 * the prompt continues; otherwise the exit status is 3.
 */
export async function runPrompt(
  cli: Cli,
  session: PromptSession,
  given: string | undefined,
): Promise<number> {
  if (given !== undefined) return executeOne(cli, session, given)
  const isPrompt = cli.interactive
  const lines = createInterface({
    input: process.stdin,
    ...(isPrompt ? { output: process.stderr, history: [], historySize: 200 } : {}),
    signal: cli.signal,
  })
  const prompt = (text: string): void => {
    lines.setPrompt(`${session.name}${text === '' ? '>' : ' '} `)
    if (isPrompt) lines.prompt()
  }
  if (isPrompt) cli.err.line(cli.err.colours.dim(session.greeting))
  let text = ''
  prompt(text)
  for await (const line of lines) {
    text = text === '' ? line : `${text}\n${line}`
    if (/^\s*(exit|quit|\\q)\s*;?\s*$/i.test(text)) break
    if (text.trim() === '') text = ''
    else if (session.isComplete(text)) {
      const status = await executeOne(cli, session, text)
      if (status !== exitStatus.held && !isPrompt) return status
      text = ''
    }
    prompt(text)
  }
  lines.close()
  return text.trim() === '' || isPrompt || /^\s*(exit|quit|\\q)/i.test(text)
    ? exitStatus.held
    : executeOne(cli, session, text)
}

async function executeOne(cli: Cli, session: PromptSession, statement: string): Promise<number> {
  try {
    const { json } = cli
    cli.out.line(await session.execute(statement, { json, width: cli.out.columns }))
    return exitStatus.held
  } catch (error) {
    const { message, remedy } = errorText(error, { debug: false, program: cli.program })
    cli.err.line(cli.err.colours.red(message))
    if (remedy !== undefined) cli.err.line(remedy)
    return exitStatus.badInput
  }
}
