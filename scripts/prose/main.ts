import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { createCheck } from './check.ts'
import { filesBelow, missingPath } from './files.ts'

// `npm run lint:prose [FILES] [-- --json]`: the section Voice of CONTRIBUTING.md, as far as a program can check it.
// Exit status: 0 nothing found, 1 findings, 2 a path that does not exist.
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const paths = positionals.length === 0 ? ['.'] : positionals
const missing = missingPath(paths)

if (missing !== undefined) {
  console.error(`${missing} does not exist. Give files or folders of this project.`)
  process.exitCode = 2
} else {
  const check = createCheck()
  const findings = filesBelow(paths).flatMap((file) => check(file, readFileSync(file, 'utf8')))
  if (values.json) console.log(JSON.stringify(findings, null, 2))
  else {
    for (const { file, line, column, found, write } of findings)
      console.log(`${file}:${line}:${column}  "${found}"  write: ${write}`)
    if (findings.length > 0)
      console.log(
        `\n${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}. CONTRIBUTING.md, section Voice, has the rules.`,
      )
  }
  process.exitCode = findings.length === 0 ? 0 : 1
}
