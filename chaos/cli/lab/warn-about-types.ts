import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Diagnostic } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { workFolder } from '#chaos/exercise/folders.ts'
import { pathForMessage } from '#chaos/home/readable-path.ts'
import { createTypeChecker } from '#chaos/type-check/type-checker.ts'

import type { Cli } from '../cli.ts'

const waitMs = 20_000
const shownMax = 10

/**
 * Prints the type errors of the learner's files as warnings, before the run. A type error is not a verdict: Node removes the
 * types, and the code may still hold.
 */
export async function warnAboutTypes(cli: Cli, lab: Lab): Promise<void> {
  if (cli.json) return
  await using checker = createTypeChecker({ clock: cli.clock })
  for (const { seam } of lab.seams) {
    const path = join(workFolder(cli.home, lab), `${seam}.ts`)
    const text = await readFile(path, 'utf8')
    const { diagnostics, state, reason } = await checker.diagnostics(text, waitMs)
    if (state !== 'ready') {
      const why = reason ?? `The type checker did not start in ${waitMs / 1_000} s.`
      return cli.err.line(cli.err.colours.dim(`The types were not checked. ${why}`))
    }
    for (const one of diagnostics.slice(0, shownMax))
      cli.err.line(warningText(cli, pathForMessage(path), text, one))
    if (diagnostics.length > shownMax)
      cli.err.line(`${pathForMessage(path)} has ${diagnostics.length - shownMax} more type errors.`)
  }
}

/** The file, the line and the column, as an editor's terminal opens them; then the line of code with a caret. */
function warningText(
  { err }: Pick<Cli, 'err'>,
  path: string,
  text: string,
  { line, column, message }: Diagnostic,
): string {
  const source = text.split(/\r?\n/)[line - 1] ?? ''
  const code = source.trimStart()
  const indent = source.length - code.length
  const caretAt = Math.max(0, column - 1 - indent)
  return [
    `${err.colours.yellow('warning')}  ${path}:${line}:${column}  ${message}`,
    `    ${code.slice(0, 200)}`,
    `    ${' '.repeat(Math.min(caretAt, 200))}^`,
  ].join('\n')
}
