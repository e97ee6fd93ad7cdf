import { parseArgs } from 'node:util'

import { publicProjects } from './verify/public/public-projects.ts'
import { runVerify } from './verify/run-verify.ts'
import { wholeNumber } from './verify/whole-number.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    times: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    projects: { type: 'string' },
    again: { type: 'boolean' },
    list: { type: 'boolean' },
    jobs: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const help = `Run every version of every lab, and other long checks, several times, and print k of N.
Results are kept in .unhappy/verify.json. Rounds that ran with the same sources do not run again: you can interrupt the
command and run it again.

  npm run verify -- [--only PREFIX] [--times N] [--jobs N] [--minutes N] [--seed N] [--projects FOLDER=FLOW]
                    [--again] [--list]

  --only PREFIX  Run only tasks whose names start with PREFIX: labs, labs/dual-write, variants, sigkill. Use commas for
                 several.
  --times N      Run each task N times (default: 10, or the task's own number).
  --jobs N       Run N labs at the same time (default: 1). Each job has its own sandbox.
  --minutes N    Set the length of a soak (default: 60, in Docker 20).
  --seed N       Repeat the random faults of an earlier soak, which printed this seed.
  --projects FOLDER=FLOW
                 Adopt the Compose project in this folder and X-ray the flow in this file. Use commas for several. Each
                 folder is a git checkout whose containers exist: docker compose up --detach [SERVICE ...], then stop.
  --again        Discard the kept results first.
  --list         List the tasks and their kept results, and run nothing.`

if (values.help === true) console.log(help)
else {
  const times = wholeNumber('--times', values.times)
  const jobs = wholeNumber('--jobs', values.jobs)
  const minutes = wholeNumber('--minutes', values.minutes)
  const seed = wholeNumber('--seed', values.seed)
  const projects = publicProjects(values.projects)
  if (projects === 'bad') process.exitCode = 3
  else if (times === 'bad' || jobs === 'bad' || minutes === 'bad' || seed === 'bad')
    process.exitCode = 3
  else
    process.exitCode = (
      await runVerify({
        only: (values.only ?? '').split(',').filter((prefix) => prefix !== ''),
        times,
        minutes,
        seed,
        projects,
        jobs: jobs ?? 1,
        again: values.again === true,
        listOnly: values.list === true,
      })
    ).status
}
