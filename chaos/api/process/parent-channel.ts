import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import type { SandboxFile } from '#chaos/contracts/api.ts'

/** What a controller and the process that started it send each other over the IPC channel between them. */
export type ControllerMessage =
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'ready'; readonly file: SandboxFile }
  /** Before `ready`: what the links of a user's own system are. */
  | { readonly type: 'adopted'; readonly report: AdoptionReport }
  | { readonly type: 'failed'; readonly error: string; readonly remedy?: string }
  /** The controller has ended on request. `by`: the API was called, or the controller received a signal. */
  | { readonly type: 'ended'; readonly by: 'api' | 'signal' }
  /** From the parent: the controller stays up when the parent ends. */
  | { readonly type: 'detach' }

export interface ParentChannel {
  send(message: ControllerMessage): void
  /** Closes the channel, so that the process can end. */
  close(): void
}

/**
 * The channel to the parent process, if this process has one. Calls `onGone` when the parent dies before it detached the
 * controller.
 */
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
      // The parent can die during the send: `disconnect` reports that, so the error is ignored here.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
    },
    close: () => {
      tethered = false
      if (process.connected) process.disconnect()
    },
  }
}
