import type { Cli } from '../cli.ts'

export interface Keys extends Disposable {
  readonly available: boolean
  /** The last key that was pressed since it was asked for. */
  take(): string | undefined
  /** Questions need the terminal for themselves. */
  pause(): void
  resume(): void
}

const ctrlC = '\u0003'

/** Single keys from the terminal; nothing where there is none. */
export function openKeys(cli: Cli): Keys {
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
