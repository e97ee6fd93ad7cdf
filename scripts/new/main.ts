import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { projectRoot } from '#chaos/home/home.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { planPart } from './plan-part.ts'

const help = `Create a fault, a check, a lab or a toxic from a template.

  npm run new -- fault NAME
  npm run new -- check NAME
  npm run new -- toxic NAME
  npm run new -- lab NAME --track TRACK --seam SEAM

NAME has lower-case words with hyphens, for example slow-start. The command creates the source and its test, and adds an
import and a line to the index file. A test that you must replace fails until you do.
`

/** Exit status: 0 created, 3 bad input. */
function run(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        track: { type: 'string' },
        seam: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const [kind, name, ...rest] = positionals
    if (values.help === true) {
      console.log(help)
      return 0
    }
    if (kind === undefined || name === undefined || rest.length > 0) {
      console.error(help)
      return 3
    }
    create({ kind, name, track: values.track, seam: values.seam })
    return 0
  } catch (error) {
    console.error(messageOf(error))
    if (error instanceof InputError && error.remedy !== undefined) console.error(error.remedy)
    return 3
  }
}

function create(request: Parameters<typeof planPart>[0]): void {
  const plan = planPart(request, (file) => {
    const absolute = path.join(projectRoot, file)
    return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined
  })
  for (const { file, text } of [...plan.created, plan.changed]) {
    const absolute = path.join(projectRoot, file)
    mkdirSync(path.dirname(absolute), { recursive: true })
    writeFileSync(absolute, text)
  }
  for (const { file } of plan.created) console.log(`created ${file}`)
  console.log(`changed ${plan.changed.file}`)
  console.log('\nNext:')
  for (const [at, step] of plan.next.entries()) console.log(`  ${at + 1}. ${step}`)
}

process.exitCode = run(process.argv.slice(2))
