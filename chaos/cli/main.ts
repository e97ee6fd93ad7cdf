import { homeAt, projectRoot } from '#chaos/api/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { root, rootAbout } from './commands/index.ts'
import { ending } from './ending.ts'
import { errorText, exitStatus, readGlobals, runCli } from './run.ts'
import { createOutput } from './ui/output.ts'

const environment = process.env
const program = environment['UNHAPPY_PROGRAM'] ?? 'npx unhappy'
const rawArgs = process.argv.slice(2)
const end = ending(process)

// `unhappy logs | head` closes our output: that is an end, not an error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus.held)
    throw error
  })

process.exitCode = await main()
if (process.connected) process.disconnect()

async function main(): Promise<number> {
  const noColour = rawArgs.includes('--no-color')
  const err = createOutput(process.stderr, { noColour, environment })
  const out = createOutput(process.stdout, { noColour, environment })
  try {
    return await runCli(root, rootAbout, rawArgs, ({ json, slot }) => ({
      home: homeAt(environment['UNHAPPY_HOME'] ?? projectRoot),
      out,
      err,
      interactive: !json && process.stdin.isTTY && process.stderr.isTTY,
      json,
      program,
      slot,
      environment,
      signal: end.signal,
      clock: systemClock,
    }))
  } catch (error) {
    if (end.signal.aborted) return end.statusOfSignal()
    const { message, remedy } = errorText(error, {
      debug: (environment['DEBUG'] ?? '') !== '',
      program,
    })
    err.line(err.colours.red(message))
    if (remedy !== undefined) err.line(remedy)
    if (wantsJson()) out.line(JSON.stringify({ error: message, ...(remedy && { remedy }) }))
    return exitStatus.badInput
  }
}

function wantsJson(): boolean {
  try {
    return readGlobals(rawArgs).json
  } catch {
    return false
  }
}
