import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { createCheck } from './check.ts'
import { filesBelow } from './files.ts'

// `npm run lint:prose [FILES] [-- --json]`: finds phrases of `phrases.yaml`, long sentences and badly wrapped lines.
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const check = createCheck()
const files = filesBelow(positionals.length === 0 ? ['.'] : positionals)
const findings = files.flatMap((file) => check(file, readFileSync(file, 'utf8')))

if (values.json) console.log(JSON.stringify(findings, null, 2))
else {
  for (const { file, line, column, found, write } of findings)
    console.log(`${file}:${line}:${column}  "${found}"  write: ${write}`)
  if (findings.length > 0)
    console.log(`\n${findings.length} findings. The rules are in CONTRIBUTING.md, section Voice.`)
}
process.exitCode = findings.length === 0 ? 0 : 1
