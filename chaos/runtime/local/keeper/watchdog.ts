/**
 * The watchdog: a small process that the keeper starts and that does nothing until the keeper is gone. When the keeper is
 * killed, even together with the controller, the channel to it closes. Then the watchdog kills every process of the sandbox
 * and removes its folder and its file. No other process has the keeper's end of the channel, so it closes even if processes
 * of the sandbox are frozen. The watchdog does not carry the mark of the sandbox: a clean-up does not end it.
 */
import { systemClock as clock } from '#chaos/lib/clock.ts'

import { removeSandbox } from '../remove-sandbox.ts'
import { removeOwnSandboxFiles } from '../sandbox-files.ts'
import { listProcesses } from './list-processes.ts'

/** What the keeper sends before the first part of the sandbox exists. */
export interface WatchdogTask {
  readonly folder: string
  readonly sandboxFile?: string
  readonly controllerPid: number
}

/** A process that the keeper was starting when it died carries no mark before it executes its program. */
const lookAgainMs = 500

let task: WatchdogTask | undefined
let controllerStarted: Promise<string | undefined> | undefined

// Ctrl-C and hang-up of the terminal are for the controller.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('message', (message: WatchdogTask) => {
  task = message
  controllerStarted = startOf(message.controllerPid)
})
process.on('disconnect', () => void cleanUp())
if (!process.connected) void cleanUp()

async function cleanUp(): Promise<never> {
  if (task === undefined) process.exit(0)
  const { folder, sandboxFile, controllerPid } = task
  try {
    await removeSandbox(folder, clock)
    await killFrozen(controllerPid)
    if (sandboxFile !== undefined) await removeOwnSandboxFiles(sandboxFile, controllerPid)
    await clock.sleep(lookAgainMs)
    await removeSandbox(folder, clock)
    process.exit(0)
  } catch {
    // `unhappy down --all` and the next start find what is left.
    process.exit(1)
  }
}

/** A controller that runs ends itself when its keeper is gone. A frozen one never does, and keeps its port. */
async function killFrozen(controllerPid: number): Promise<void> {
  const controller = (await listProcesses()).find(({ pid }) => pid === controllerPid)
  if (controller?.stopped !== true) return
  // The pid may belong to another process since.
  if (controller.startedKey === (await controllerStarted)) process.kill(controllerPid, 'SIGKILL')
}

async function startOf(pid: number): Promise<string | undefined> {
  return (await listProcesses()).find((entry) => entry.pid === pid)?.startedKey
}
