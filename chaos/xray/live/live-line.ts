import type { Cell, Matrix } from '../matrix.ts'

/**
 * While an X-ray goes on, its folder holds a file of lines: whoever looks sees the matrix fill. When it is done, xray.json
 * takes its place; when it was stopped or failed it stays, and tells how far it came.
 */
export const liveFileName = 'live.jsonl'

/** The file is touched this often; one that was not for {@link lostAfterMs} belongs to a process that died. */
export const touchEveryMs = 2_000
export const lostAfterMs = 10_000

/** What is known about an X-ray before it has begun. */
export type LiveHead = Pick<Matrix, 'flow' | 'variant' | 'code' | 'mode' | 'startedAt' | 'env'>

/** One line of the file. */
export type LiveLine =
  | ({ readonly what: 'began' } & LiveHead)
  /** What it is doing before there are cells, in words. */
  | { readonly what: 'status'; readonly text: string }
  | ({ readonly what: 'baseline'; readonly total: number } & Pick<
      Matrix,
      'steps' | 'background' | 'baseline'
    >)
  | { readonly what: 'cell'; readonly cell: Cell; readonly leftMs?: number }
  | { readonly what: 'ended'; readonly how: 'stopped' | 'failed'; readonly error?: string }
