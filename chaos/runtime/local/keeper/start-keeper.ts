import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import type {
  KeeperRequestName,
  KeeperRequests,
  KeeperReply,
  KeeperReport,
  KeeperRequest,
} from './messages.ts'

/** The controller's side of the keeper. */
export interface Keeper {
  readonly pid: number
  ask<Name extends KeeperRequestName>(
    name: Name,
    order: KeeperRequests[Name]['order'],
  ): Promise<KeeperRequests[Name]['result']>
  /** Calls the listener for what the keeper tells by itself. */
  onReport(listener: (report: KeeperReport) => void): void
  /** Resolves when the keeper has ended, whoever wanted it. */
  readonly ended: Promise<void>
}

/** Starts the keeper (its argument, our pid, is for people who look at ps). It ends, and everything it has started with it, when this process does. */
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
    for (const { reject } of waiting.values()) reject(new Error('The keeper has died.'))
    waiting.clear()
  })
  child.on('message', (message: KeeperReply | KeeperReport) => {
    if ('report' in message) return listeners.forEach((listener) => listener(message))
    const order = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) order?.reject(new Error(message.error))
    else order?.resolve(message.result)
  })
  return {
    pid: child.pid ?? 0,
    ended,
    onReport: (listener) => void listeners.push(listener),
    ask: async <Name extends KeeperRequestName>(
      name: Name,
      order: KeeperRequests[Name]['order'],
    ) => {
      if (!child.connected) throw new Error('The keeper has died.')
      const request: KeeperRequest = { id: ++lastId, name, order }
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
    // It could not even be started: the first order says so.
  }
}
