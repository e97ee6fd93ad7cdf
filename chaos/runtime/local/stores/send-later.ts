import { randomUUID } from 'node:crypto'

import type { SendLater } from '#chaos/contracts/runtime.ts'

import type { Keeper } from '../keeper/start-keeper.ts'

/** The keeper sends the line. When the controller dies, it ends the store and with it the fault. */
export function sendLaterWith(keeper: Keeper, portOf: (store: string) => number): SendLater {
  return async (store, { line, leaseMs }) => {
    const id = randomUUID()
    await keeper.request('sendLater', { id, port: portOf(store), line, leaseMs })
    return {
      [Symbol.asyncDispose]: async () => {
        await keeper.request('cancelSend', { id })
      },
    }
  }
}
