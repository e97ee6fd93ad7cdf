import { InputError, messageOf } from '#chaos/lib/errors.ts'

import { readControllerConfig } from './process/config.ts'
import { createParentChannel } from './process/parent-channel.ts'
import { startController } from './process/start-controller.ts'

// The reader of standard error can end before this process: an EPIPE must not end the controller.
process.stderr.on('error', () => undefined)

// A signal, a call of the API or the death of the parent process ends the controller.
const ended = new AbortController()
const parent = createParentChannel(process, () => ended.abort(new Error('the parent is gone')))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => ended.abort(new Error(`ended by ${signal}`)))

try {
  await startController({
    config: readControllerConfig(process.env),
    signal: ended.signal,
    end: (reason) => ended.abort(new Error(reason)),
    onProgress: (text) => parent.send({ type: 'progress', text }),
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
parent.close()
