import { parseArgs } from 'node:util'

import { runVerify } from './verify/run-verify.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    times: { type: 'string' },
    again: { type: 'boolean' },
    list: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})

const help = `Runs every version of every lab, and other long checks, many times, and says k of N.
Remembers in .unhappy/verify.json what has passed with the same sources: it can be interrupted and goes on.

  npm run verify -- [--only PREFIX] [--times N] [--again] [--list]

  --only PREFIX  Only tasks whose name begins so: labs, labs/dual-write, sigkill. Several with commas.
  --times N      How often each (10).
  --again        Forget what was run before.
  --list         Only say what there is, and what is remembered.`

if (values.help === true) console.log(help)
else {
  const times = values.times === undefined ? undefined : Number(values.times)
  if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
    console.error(`--times ${values.times} is not a number of times.`)
    process.exitCode = 3
  } else
    process.exitCode = await runVerify({
      only: (values.only ?? '').split(',').filter((prefix) => prefix !== ''),
      times,
      again: values.again === true,
      listOnly: values.list === true,
    })
}
