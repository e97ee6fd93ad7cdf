import { flushCompileCache } from 'node:module'

import { badConfigurationExitStatus } from './exit-status.ts'
import { StartError } from './start-error.ts'

/** A service that is built and can run. */
export interface Service {
  listen(): Promise<void>
  /** Shuts down gracefully. */
  stop(): Promise<void>
}

/**
 * Builds and runs a service until SIGTERM or SIGINT. A {@link StartError} prints one line on
 * standard error and exits with the status for a bad configuration. Any other error that prevents
 * the start exits with status 1.
 */
export async function runService(name: string, build: () => Promise<Service>): Promise<void> {
  let service: Service
  try {
    service = await build()
    await service.listen()
  } catch (error) {
    return fail(name, error)
  }
  // Node writes the compile cache at the end otherwise, and a killed process has no end. This does
  // nothing unless NODE_COMPILE_CACHE is set.
  flushCompileCache()
  const stop = (): void => {
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(name, error),
    )
  }
  // Node does not shut down gracefully by itself: without this handler a signal interrupts every
  // request.
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

function fail(name: string, error: unknown): never {
  if (error instanceof StartError) {
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exit(badConfigurationExitStatus)
  }
  process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
