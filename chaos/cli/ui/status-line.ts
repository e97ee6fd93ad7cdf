import type { Cli } from '../cli.ts'
import { truncate } from './wrap.ts'

const redrawMs = 200
const clear = '\r\u001B[2K'

/** The last line of a terminal, which is redrawn, with permanent lines above it. Without a terminal only permanent lines. */
export interface StatusLine extends Disposable {
  /** Sets the text of the status line. It is called at every redraw. */
  follow(text: () => string): void
  /** Prints a permanent line above the status line. */
  print(text: string): void
}

export function createStatusLine(cli: Cli): StatusLine {
  const { err, clock } = cli
  const stopped = new AbortController()
  let current = (): string => ''
  const draw = (): void => {
    err.write(`${clear}${truncate(current(), err.columns - 1)}`)
  }
  const redraw = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      draw()
      await clock.sleep(redrawMs, stopped.signal).catch(() => undefined)
    }
  }
  return {
    follow: (text) => {
      current = text
      if (err.isTerminal) void redraw()
    },
    print: (text) => {
      err.write(err.isTerminal ? clear : '')
      err.line(text)
      if (err.isTerminal) draw()
    },
    [Symbol.dispose]: () => {
      stopped.abort()
      if (err.isTerminal) err.write(clear)
    },
  }
}
