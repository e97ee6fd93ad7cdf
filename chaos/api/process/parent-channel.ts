import type { ControllerMessage } from '../messages.ts'

export interface ParentChannel {
  send(message: ControllerMessage): void
  /** Lets the process end. */
  close(): void
}

/** The channel to the process that started us, if one did. `onGone` is called when it dies without having let us go. */
export function createParentChannel(process: NodeJS.Process, onGone: () => void): ParentChannel {
  let tethered = process.channel !== undefined
  process.on('message', (message: ControllerMessage) => {
    if (message.type === 'detach') tethered = false
  })
  process.on('disconnect', () => {
    if (tethered) onGone()
  })
  return {
    send: (message) => {
      // It may die at any moment; `onGone` then hears of it.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
    },
    close: () => {
      tethered = false
      if (process.connected) process.disconnect()
    },
  }
}
