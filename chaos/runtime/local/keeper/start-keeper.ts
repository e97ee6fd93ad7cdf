import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import type {
  KeeperRequestName,
  KeeperRequests,
  KeeperReply,
  KeeperReport,
  KeeperRequest,
} from './keeper-requests.ts'

/** The controller's side of the keeper. */
export interface Keeper {
  readonly pid: number
  request<Name extends KeeperRequestName>(
    name: Name,
    body: KeeperRequests[Name]['request'],
  ): Promise<KeeperRequests[Name]['result']>
  /** Calls the listener for every report of the keeper. */
  onReport(listener: (report: KeeperReport) => void): void
  /** Resolves when the keeper has ended, with or without a request. */
  readonly ended: Promise<void>
}

/**
 * Starts the keeper. When this process ends, the keeper ends everything that it started, and then
 * itself. Its argument, the pid of this process, only identifies it in ps.
 */
export function startKeeper(): Keeper {
  const child = fork(new URL('keeper.ts', import.meta.url), [String(process.pid)], {
    detached: true,
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const listeners: ((report: KeeperReport) => void)[] = []
  let lastId = 0
  const ended = endOf(child).finally(() => {
    for (const { reject } of waiting.values())
      reject(new Error('The keeper of the sandbox has ended.'))
    waiting.clear()
  })
  child.on('message', (message: KeeperReply | KeeperReport) => {
    if ('report' in message) return listeners.forEach((listener) => listener(message))
    const pending = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) pending?.reject(new Error(message.error))
    else pending?.resolve(message.result)
  })
  return {
    pid: child.pid ?? 0,
    ended,
    onReport: (listener) => void listeners.push(listener),
    request: async <Name extends KeeperRequestName>(
      name: Name,
      body: KeeperRequests[Name]['request'],
    ) => {
      if (!child.connected) throw new Error('The keeper of the sandbox has ended.')
      const request: KeeperRequest = { id: ++lastId, name, body }
      const reply = Promise.withResolvers<unknown>()
      waiting.set(request.id, reply)
      child.send(request, (error) => error && reply.reject(error))
      return (await reply.promise) as KeeperRequests[Name]['result']
    },
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  try {
    await once(child, 'exit')
  } catch {
    // The keeper could not start: the first request reports it.
  }
}
