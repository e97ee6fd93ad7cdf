import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { projectRoot } from '#chaos/home/home.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import { dockerPlace, labTable, localPlace, versionTable, withTable } from './verify/audit-table.ts'
import { runVerify } from './verify/run-verify.ts'
import { wholeNumber } from './verify/whole-number.ts'

const help = `For authors of labs: runs every version of every lab, and writes the table of docs/measurements.md.
The first version's output must be what its README shows. Goes on where it was interrupted, as \`npm run verify\` does.

  npm run labs:audit -- [--docker] [--times N] [--jobs N] [--again]

  --docker   In the sandbox of docker compose up, not in plain processes.
  --times N  How often each (10; in Docker 2).
  --jobs N   How many at the same moment (1).
  --again    Forget what was run before.`

const { values } = parseArgs({
  options: {
    docker: { type: 'boolean' },
    times: { type: 'string' },
    jobs: { type: 'string' },
    again: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
const docker = values.docker === true
const file = join(projectRoot, 'docs', 'measurements.md')

if (values.help === true) console.log(help)
else {
  const times = wholeNumber('--times', values.times)
  const jobs = wholeNumber('--jobs', values.jobs)
  if (times === 'bad' || jobs === 'bad') process.exitCode = 3
  else {
    const { status, rows } = await runVerify({
      only: [docker ? 'docker-labs/' : 'labs/'],
      times,
      jobs: jobs ?? 1,
      again: values.again === true,
      listOnly: false,
    })
    const text = await readFile(file, 'utf8')
    await writeAtomically(
      file,
      docker
        ? withTable(text, dockerPlace, labTable(rows))
        : withTable(text, localPlace, versionTable(rows)),
    )
    process.exitCode = status
  }
}
