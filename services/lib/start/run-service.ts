import { flushCompileCache } from 'node:module'

import { badConfiguration } from './exit-status.ts'
import { StartError } from './start-error.ts'

/** A service that is built and can be run. */
export interface Service {
  listen(): Promise<void>
  /** Leaves in good order. */
  stop(): Promise<void>
}

/**
 * Builds and runs a service until SIGTERM or SIGINT. A {@link StartError} is one line on standard error and the exit status
 * of a bad configuration, anything else that prevents the start is status 1.
 */
export async function runService(name: string, build: () => Promise<Service>): Promise<void> {
  let service: Service
  try {
    service = await build()
    await service.listen()
  } catch (error) {
    return fail(name, error)
  }
  // Written at the end otherwise, and a process that is killed has none. Does nothing unless NODE_COMPILE_CACHE is set.
  flushCompileCache()
  const stop = (): void => {
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(name, error),
    )
  }
  // Node does nothing in good order by itself: without this a signal ends every request in the middle.
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function fail(name: string, error: unknown): never {
  if (error instanceof StartError) {
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exit(badConfiguration)
  }
  process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
