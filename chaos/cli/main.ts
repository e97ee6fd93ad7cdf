import { systemClock } from '#chaos/lib/clock.ts'

import { runProgram } from './program.ts'
import { watchForShutdown } from './shutdown-signal.ts'

const shutdown = watchForShutdown(process, systemClock)

// `unhappy logs | head` closes the output. That ends the program and is not an error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    shutdown.now()
  })

process.exitCode = await runProgram({
  rawArgs: process.argv.slice(2),
  environment: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdinIsTerminal: process.stdin.isTTY,
  shutdown,
  clock: systemClock,
})
if (process.connected) process.disconnect()
