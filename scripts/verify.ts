import { parseArgs } from 'node:util'

import { runVerify } from './verify/run-verify.ts'
import { wholeNumber } from './verify/whole-number.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    times: { type: 'string' },
    minutes: { type: 'string' },
    again: { type: 'boolean' },
    list: { type: 'boolean' },
    jobs: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

const help = `Runs every version of every lab, and other long checks, many times, and says k of N.
Remembers in .unhappy/verify.json what has passed with the same sources: it can be interrupted and goes on.

  npm run verify -- [--only PREFIX] [--times N] [--jobs N] [--minutes N] [--again] [--list]

  --only PREFIX  Only tasks whose name begins so: labs, labs/dual-write, sigkill. Several with commas.
  --times N      How often each (10).
  --jobs N       How many labs at the same moment (1). Each has a sandbox of its own.
  --minutes N    How long a soak lasts (60).
  --again        Forget what was run before.
  --list         Only say what there is, and what is remembered.`

if (values.help === true) console.log(help)
else {
  const times = wholeNumber('--times', values.times)
  const jobs = wholeNumber('--jobs', values.jobs)
  const minutes = wholeNumber('--minutes', values.minutes)
  if (times === 'bad' || jobs === 'bad' || minutes === 'bad') process.exitCode = 3
  else
    process.exitCode = (
      await runVerify({
        only: (values.only ?? '').split(',').filter((prefix) => prefix !== ''),
        times,
        minutes,
        jobs: jobs ?? 1,
        again: values.again === true,
        listOnly: values.list === true,
      })
    ).status
}
