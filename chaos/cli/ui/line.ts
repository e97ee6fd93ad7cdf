import type { Cli } from '../cli.ts'
import { truncate } from './wrap.ts'

const redrawMs = 200
const clear = '\r\u001B[2K'

/** The last line of a terminal, drawn again and again, with lasting lines above it. Elsewhere only the lasting lines. */
export interface Line extends Disposable {
  /** What stands there from now on, asked for at every redraw. */
  follow(text: () => string): void
  say(text: string): void
}

export function createLine(cli: Cli): Line {
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
    say: (text) => {
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
