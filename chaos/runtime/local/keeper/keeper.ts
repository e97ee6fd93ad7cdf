/**
 * The keeper: a small process in its own session. On request of the controller it starts, owns and ends every other process
 * of a sandbox. When the controller's channel closes, for any reason, it ends everything. So each process always has an owner
 * that outlives the controller. When the keeper itself is killed, its watchdog does the same.
 */
import { createServer } from 'node:net'
import path from 'node:path'

import { systemClock as clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { makeTraversable } from '../cache-folder.ts'
import { removeSandbox } from '../remove-sandbox.ts'
import { removeOwnSandboxFiles } from '../sandbox-files.ts'
import { keeperSocket, sandboxFolderName } from '../sandbox-folder.ts'
import { claimSlot } from './claim-slot.ts'
import type {
  NoSlot,
  OpenRequest,
  OpenResult,
  KeeperRequestName,
  KeeperRequests,
  KeeperReply,
  KeeperReport,
  KeeperRequest,
} from './keeper-requests.ts'
import { LateLines } from './late-lines.ts'
import { OwnedProcesses } from './owned-processes.ts'
import { runHelper } from './run-helper.ts'
import { startWatchdog, type Watchdog } from './start-watchdog.ts'

interface Sandbox {
  readonly folder: string
  readonly sandboxFile: string | undefined
  readonly processes: OwnedProcesses
  readonly lateLines: LateLines
  readonly watchdog: Watchdog
}

const controllerPid = process.ppid
const logCheckMs = 30_000
const logBytesMax = 64 * 1024 * 1024

let sandbox: Sandbox | undefined
let ending: Promise<void> | undefined

// Ctrl-C and hang-up of the terminal are for the controller. It then sends `end` or disconnects.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('SIGTERM', () => void end(0))
process.on('uncaughtException', () => void end(1))
process.on('disconnect', () => void end(0))
process.on('message', (request: KeeperRequest) => void answer(request))
if (!process.connected) void end(0)

type Handlers = {
  readonly [Name in KeeperRequestName]: (
    request: KeeperRequests[Name]['request'],
  ) => Promise<KeeperRequests[Name]['result']>
}

const handlers: Handlers = {
  open,
  run: async (request) => await runHelper(request, opened().folder),
  spawn: async (request) => await opened().processes.spawn(request),
  stop: async ({ name, signal, graceMs }) => {
    await opened().processes.stop(name, signal, graceMs)
    return null
  },
  kill: async ({ name }) => {
    await opened().processes.kill(name)
    return null
  },
  pause: async ({ name, leaseMs }) => {
    await opened().processes.pause(name, leaseMs)
    return null
  },
  resume: async ({ name }) => {
    await opened().processes.resume(name)
    return null
  },
  sendLater: async (request) => {
    opened().lateLines.add(request)
    return null
  },
  cancelSend: async ({ id }) => {
    opened().lateLines.cancel(id)
    return null
  },
  end: async () => {
    await takeDown()
    return null
  },
}

async function answer({ id, name, body }: KeeperRequest): Promise<void> {
  try {
    if (ending !== undefined && name !== 'end') throw new Error('The keeper is ending the sandbox.')
    const handler = handlers[name] as (request: unknown) => Promise<unknown>
    tell({ id, result: await handler(body) })
  } catch (error) {
    tell({ id, error: messageOf(error) })
  }
  if (name === 'end') process.disconnect()
}

async function open(request: OpenRequest): Promise<OpenResult | NoSlot> {
  const claimed = await claimSlot(request.candidates)
  if ('taken' in claimed) return claimed
  const { slot, sandboxFile } = claimed.candidate
  const folder = path.join(request.sandboxesFolder, await sandboxFolderName(slot, process.pid))
  if (ending !== undefined) throw new Error('The keeper is ending the sandbox.')
  // No await from here on: `end` removes every folder that exists.
  const task = { folder, controllerPid, ...(sandboxFile === undefined ? {} : { sandboxFile }) }
  const watchdog = startWatchdog(task, clock)
  sandbox = {
    folder,
    sandboxFile,
    processes: new OwnedProcesses(folder, clock, tell),
    lateLines: new LateLines(clock),
    watchdog,
  }
  makeTraversable(folder)
  listenIn(folder)
  void trimLogs(sandbox.processes)
  return { slot, folder, keeperPid: process.pid }
}

/** Shows other containers that the sandbox is in use: in their PID namespaces this process has another id, or none. */
function listenIn(folder: string): void {
  const server = createServer((socket) => socket.destroy())
  // Without the socket, for example because the path is too long, other containers leave the folder alone as well.
  server.on('error', () => undefined)
  server.listen(keeperSocket(folder))
}

/** Keeps logs small: a sandbox may run for days. */
async function trimLogs(processes: OwnedProcesses): Promise<void> {
  for (;;) {
    await clock.sleep(logCheckMs)
    processes.trimLogs(logBytesMax)
  }
}

function opened(): Sandbox {
  if (sandbox === undefined) throw new Error('The keeper has no sandbox yet.')
  return sandbox
}

function tell(message: KeeperReply | KeeperReport): void {
  // If the controller is gone, the `disconnect` event ends everything.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

async function end(code: number): Promise<void> {
  try {
    await takeDown()
    process.exit(code)
  } catch {
    // The folder still exists, so the next sandbox finds and cleans up what is left.
    process.exit(1)
  }
}

async function takeDown(): Promise<void> {
  ending ??= takeDownOnce()
  await ending
}

async function takeDownOnce(): Promise<void> {
  if (sandbox === undefined) return
  const { folder, sandboxFile, processes, watchdog } = sandbox
  await processes.killAll()
  if (sandboxFile !== undefined) await removeOwnSandboxFiles(sandboxFile, controllerPid)
  await removeSandbox(folder, clock)
  await watchdog.end()
}
