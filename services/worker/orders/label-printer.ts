import { EventEmitter } from 'node:events'

export interface LabelPrinter {
  /** Starts printing. The job then emits `printed` or `error`. */
  print(text: string): LabelJob
}

/** The label can never be printed. Any other error of the printer may be gone at the next attempt. */
export class UnprintableError extends Error {
  override readonly name = 'UnprintableError'
}

/** All control characters except the line feed. */
const controlCharacter = /[^\P{Cc}\n]/u

export type LabelJob = EventEmitter<{ printed: []; error: [Error] }>

/**
 * The driver of the label printer. A control character would reprogram the printer, so the driver
 * rejects it.
 */
export function createLabelPrinter(): LabelPrinter {
  return {
    print(text) {
      const job: LabelJob = new EventEmitter()
      setImmediate(() => {
        const at = text.search(controlCharacter)
        if (at === -1) job.emit('printed')
        else
          job.emit(
            'error',
            new UnprintableError(`The printer cannot print character ${text.charCodeAt(at)}.`),
          )
      })
      return job
    },
  }
}
