import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { createProseCheck } from './check.ts'
import type { ProseFinding } from './check.ts'
import { filesBelow, missingPath } from './files.ts'

interface Output {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
}

/** Checks the given files and folders; without any, the whole root. Exit status: 0 no findings, 1 findings, 2 bad input. */
export function runProse(root: string, args: readonly string[], { out, error }: Output): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const paths = positionals.length === 0 ? ['.'] : positionals
  const missing = missingPath(root, paths)
  if (missing !== undefined) {
    error(`${missing} does not exist. Give files or folders of this project.`)
    return 2
  }
  const check = createProseCheck()
  const findings = filesBelow(root, paths).flatMap((file) =>
    check(file, readFileSync(path.join(root, file), 'utf8')),
  )
  if (values.json) out(JSON.stringify(findings, null, 2))
  else for (const line of linesOf(findings)) out(line)
  return findings.length === 0 ? 0 : 1
}

function linesOf(findings: readonly ProseFinding[]): readonly string[] {
  if (findings.length === 0) return []
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return [
    ...findings.map(
      ({ file, line, column, found, write }) =>
        `${file}:${line}:${column}  "${found}"  write: ${write}`,
    ),
    `\n${count}. CONTRIBUTING.md, section Voice, has the rules.`,
  ]
}
