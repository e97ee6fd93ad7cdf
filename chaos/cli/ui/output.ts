import picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

/** A stream for people or machines: knows its width and whether colour is welcome. */
export interface Output {
  readonly colours: Colours
  readonly isTerminal: boolean
  /** Width to write for; 80 where nobody knows. */
  readonly columns: number
  write(text: string): void
  line(text?: string): void
}

/** What we need of a stream. */
export interface WritableLike {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Colour: never with NO_COLOR or --no-color, always with FORCE_COLOR, else on a terminal. */
export function createOutput(
  stream: WritableLike,
  options: {
    readonly noColour: boolean
    readonly environment: Readonly<Record<string, string | undefined>>
  },
): Output {
  const { environment } = options
  const forced = (environment['FORCE_COLOR'] ?? '') !== '' && environment['FORCE_COLOR'] !== '0'
  const forbidden =
    options.noColour || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  const isTerminal = stream.isTTY === true
  const write = (text: string): void => void stream.write(text)
  return {
    colours: picocolors.createColors(!forbidden && (forced || isTerminal)),
    isTerminal,
    get columns() {
      return Math.max(20, stream.columns || Number(environment['COLUMNS']) || 80)
    },
    write,
    line: (text = '') => write(`${text}\n`),
  }
}
