import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { projectRoot } from '#chaos/home/home.ts'
import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import {
  dockerMarks,
  labTable,
  localMarks,
  versionTable,
  withAuditTable,
} from './verify/audit-table.ts'
import { runVerify } from './verify/run-verify.ts'
import { wholeNumber } from './verify/whole-number.ts'

const help = `Run every version of every lab, and write the table of docs/measurements.md. For authors of labs.
The output of the starting version must match the lab's README. Kept results are used again, as by \`npm run verify\`:
you can interrupt the command and run it again.

  npm run labs:audit -- [--docker] [--times N] [--jobs N] [--again]

  --docker   Use the sandbox of docker compose up instead of plain processes.
  --times N  Run each version N times (default: 10; in Docker 2).
  --jobs N   Run N versions at the same time (default: 1).
  --again    Discard the kept results first.`

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
        ? withAuditTable(text, dockerMarks, labTable(rows))
        : withAuditTable(text, localMarks, versionTable(rows)),
    )
    process.exitCode = status
  }
}
