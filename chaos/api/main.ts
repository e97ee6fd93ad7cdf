import { readAdoptedFile } from '#chaos/adopt/processes/adopted-file.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import { readControllerConfig } from './process/config.ts'
import { openAdopted } from './process/open-adopted.ts'
import { createParentChannel } from './process/parent-channel.ts'
import { startController } from './process/start-controller.ts'

// The reader of standard error can end before this process: an EPIPE must not end the controller.
process.stderr.on('error', () => undefined)

// A signal, a call of the API, the death of the parent process or of the keeper ends the controller.
const ended = new AbortController()
let cause: 'api' | 'keeper' | 'signal' | 'parent' | undefined
const end = (by: NonNullable<typeof cause>): void => {
  cause ??= by
  ended.abort(new Error(`ended by: ${by}`))
}
const parent = createParentChannel(process, () => end('parent'))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => end('signal'))

try {
  const config = readControllerConfig(process.env)
  const onProgress = (text: string): void => parent.send({ type: 'progress', text })
  // A system of the user runs already, and has no labs.
  const file = await readAdoptedFile(process.env)
  const project = await openAdopted(process.env, {
    config,
    onProgress,
    onAdopted: (report) => parent.send({ type: 'adopted', report }),
    signal: ended.signal,
  })
  await startController({
    ...(file === undefined ? (project ?? { system, labs }) : { ...file, labs: [] }),
    config,
    signal: ended.signal,
    end,
    onProgress,
    onReady: (file) => parent.send({ type: 'ready', file }),
  })
  process.exitCode = 0
} catch (error) {
  if (!ended.signal.aborted) {
    const remedy = error instanceof InputError ? error.remedy : undefined
    parent.send({
      type: 'failed',
      error: messageOf(error),
      ...(remedy !== undefined && { remedy }),
    })
    process.stderr.write(
      `${error instanceof InputError ? messageOf(error) : String((error as Error).stack)}\n`,
    )
    process.exitCode = 3
  }
}
if (cause === 'api' || cause === 'signal') parent.send({ type: 'ended', by: cause })
if (cause === 'keeper') {
  process.stderr.write('The keeper of the sandbox was killed. All its processes have ended.\n')
  process.exitCode = 3
}
parent.close()
