import type { Cli } from '../cli.ts'

export interface KeyReader extends Disposable {
  readonly available: boolean
  /** The last key that was pressed since the previous call. */
  take(): string | undefined
  /** Stops reading keys while a question reads lines. */
  pause(): void
  resume(): void
}

const ctrlC = '\u0003'

/** Reads single keys from the terminal. Not available without a terminal. */
export function openKeyReader(cli: Cli): KeyReader {
  const { stdin } = process
  if (!cli.interactive)
    return {
      available: false,
      take: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
      [Symbol.dispose]: () => undefined,
    }
  let last: string | undefined
  const listen = (data: Buffer): void => {
    const key = data.toString()
    if (key === ctrlC) process.kill(process.pid, 'SIGINT')
    else last = key
  }
  const pause = (): void => {
    stdin.off('data', listen).setRawMode(false).pause()
  }
  const resume = (): void => {
    stdin.setRawMode(true).on('data', listen).resume()
  }
  resume()
  return {
    available: true,
    take: () => {
      const key = last
      last = undefined
      return key
    },
    pause,
    resume,
    [Symbol.dispose]: pause,
  }
}
