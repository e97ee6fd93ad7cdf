/**
 * The watchdog: a small process that the keeper starts and that does nothing until the keeper is gone. When the keeper is
 * killed, even together with the controller, the channel to it closes. Then the watchdog kills every process of the sandbox
 * and removes its folder and its file. No other process has the keeper's end of the channel, so it closes even if processes
 * of the sandbox are frozen. The watchdog does not carry the mark of the sandbox: a clean-up does not end it.
 */
import { systemClock as clock } from '#chaos/lib/clock.ts'

import { removeSandbox } from '../remove-sandbox.ts'
import { fileBelongsTo, removeSandboxFiles } from '../sandbox-files.ts'

/** What the keeper sends before the first part of the sandbox exists. */
export interface WatchdogTask {
  readonly folder: string
  readonly sandboxFile?: string
  readonly controllerPid: number
}

/** A process that the keeper was starting when it died carries no mark before it executes its program. */
const lookAgainMs = 500

let task: WatchdogTask | undefined

// Ctrl-C and hang-up of the terminal are for the controller.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('message', (message: WatchdogTask) => {
  task = message
})
process.on('disconnect', () => void cleanUp())
if (!process.connected) void cleanUp()

async function cleanUp(): Promise<never> {
  if (task === undefined) process.exit(0)
  const { folder, sandboxFile, controllerPid } = task
  try {
    await removeSandbox(folder, clock)
    // The slot is free from here on: the file can belong to another sandbox.
    if (sandboxFile !== undefined && (await fileBelongsTo(sandboxFile, controllerPid)))
      await removeSandboxFiles(sandboxFile)
    await clock.sleep(lookAgainMs)
    await removeSandbox(folder, clock)
    process.exit(0)
  } catch {
    // `unhappy down --all` and the next start find what is left.
    process.exit(1)
  }
}
