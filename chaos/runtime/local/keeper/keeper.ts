/**
 * The keeper: a small process in a session of its own that starts, owns and ends every other process of a sandbox by
 * order of the controller. When the controller's channel closes, for whatever reason, it takes everything down. So
 * there is no moment in which a process is known to nobody who survives.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'

import { systemClock as clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { makePassable } from '../make-passable.ts'
import { removeSandbox } from '../remove-sandbox.ts'
import { sandboxFolderName } from '../sandbox-folder.ts'
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
} from './messages.ts'
import { OwnedProcesses } from './owned-processes.ts'
import { runHelper } from './run-helper.ts'

interface Sandbox {
  readonly folder: string
  readonly sandboxFile: string | undefined
  readonly processes: OwnedProcesses
}

const logCheckMs = 30_000
const logBytesMax = 64 * 1024 * 1024

let sandbox: Sandbox | undefined
let ending: Promise<void> | undefined

// The terminal's Ctrl-C and hang-up are for the controller; it then tells us, or is gone.
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
  end: async () => {
    await takeDown()
    return null
  },
}

async function answer({ id, name, body }: KeeperRequest): Promise<void> {
  try {
    if (ending !== undefined && name !== 'end')
      throw new Error('The keeper is taking everything down.')
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
  if (ending !== undefined) throw new Error('The keeper is taking everything down.')
  // From here on without a pause: a folder that exists is one that `end` knows.
  sandbox = { folder, sandboxFile, processes: new OwnedProcesses(folder, clock, tell) }
  makePassable(folder)
  void trimLogs(sandbox.processes)
  return { slot, folder, keeperPid: process.pid }
}

/** A sandbox may live for days; its disk is the user's. */
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
  // The controller may be gone; then there is nobody to tell and `disconnect` does the rest.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

async function end(code: number): Promise<void> {
  try {
    await takeDown()
    process.exit(code)
  } catch {
    // The folder is still there: the next sandbox's sweep finds it and what is left.
    process.exit(1)
  }
}

async function takeDown(): Promise<void> {
  ending ??= takeDownOnce()
  await ending
}

async function takeDownOnce(): Promise<void> {
  if (sandbox === undefined) return
  const { folder, sandboxFile, processes } = sandbox
  await processes.killAll()
  if (sandboxFile !== undefined) await rm(sandboxFile, { force: true })
  await removeSandbox(folder, clock)
}
