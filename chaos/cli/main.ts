import { systemClock } from '#chaos/lib/clock.ts'

import { ending } from './ending.ts'
import { runProgram } from './program.ts'

const end = ending(process, systemClock)

// `unhappy logs | head` closes our output: that is an end, not an error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    end.now()
  })

process.exitCode = await runProgram({
  rawArgs: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdinIsTerminal: process.stdin.isTTY,
  end,
  clock: systemClock,
})
if (process.connected) process.disconnect()
