import picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

/** Writes text to a stream, with colours if the stream supports them. */
export interface Printer {
  readonly colours: Colours
  readonly isTerminal: boolean
  /** Width in columns; 80 if it is unknown. */
  readonly columns: number
  /** Height in rows; 24 if it is unknown. */
  readonly rows: number
  write(text: string): void
  line(text?: string): void
}

/** The parts of a stream that a printer uses. */
export interface WritableLike {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** Colours are off with NO_COLOR or --no-color, on with FORCE_COLOR, else on for terminals. */
export function createPrinter(
  stream: WritableLike,
  options: {
    readonly noColour: boolean
    readonly environment: Readonly<Record<string, string | undefined>>
  },
): Printer {
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
    get rows() {
      return stream.rows || 24
    },
    write,
    line: (text = '') => write(`${text}\n`),
  }
}
