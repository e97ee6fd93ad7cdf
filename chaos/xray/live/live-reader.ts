import type { Cell } from '../matrix.ts'
import { parseXrayJson } from '../parse-xray-json.ts'
import type { LiveHead, LiveLine } from './live-line.ts'

/** What the lines so far contain. */
export interface LiveState {
  readonly head: LiveHead | undefined
  readonly status: string
  readonly baseline: Extract<LiveLine, { what: 'baseline' }> | undefined
  readonly cells: readonly Cell[]
  readonly leftMs: number | undefined
  readonly ended: Extract<LiveLine, { what: 'ended' }> | undefined
}

export interface LiveReader {
  readonly state: LiveState
  /** Takes the next piece of the file, cut at any place. Returns the new cells. */
  add(text: string): readonly Cell[]
}

/**
 * Reads a live file piece by piece while it grows. Throws a SyntaxError when the text is not a live
 * file.
 */
export function createLiveReader(): LiveReader {
  let state: LiveState = {
    head: undefined,
    status: '',
    baseline: undefined,
    cells: [],
    leftMs: undefined,
    ended: undefined,
  }
  let rest = ''
  return {
    get state() {
      return state
    },
    add: (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      const fresh: Cell[] = []
      for (const line of lines) {
        const parsed = parseXrayJson(line) as LiveLine
        if (parsed.what === 'cell') fresh.push(parsed.cell)
        state = { ...state, ...changeOf(parsed) }
      }
      if (fresh.length > 0) state = { ...state, cells: [...state.cells, ...fresh] }
      return fresh
    },
  }
}

function changeOf(line: LiveLine): Partial<LiveState> {
  switch (line.what) {
    case 'began': {
      const { what: _, ...head } = line
      return { head }
    }
    case 'status':
      return { status: line.text }
    case 'baseline':
      return { baseline: line, status: '' }
    case 'cell':
      return line.leftMs === undefined ? {} : { leftMs: line.leftMs }
    case 'ended':
      return { ended: line }
  }
}
