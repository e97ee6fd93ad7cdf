import type { Cell, Matrix } from '../matrix.ts'

/**
 * While an X-ray runs, its folder contains a file of lines, from which a reader shows the matrix while it fills. When the
 * X-ray is done, xray.json replaces the file. When it is stopped or fails, the file stays and shows the cells so far.
 */
export const liveFileName = 'live.jsonl'

/**
 * The writer touches the file this often. After {@link lostAfterMs} without a touch, the writing
 * process is dead.
 */
export const touchEveryMs = 2_000
export const lostAfterMs = 10_000

/** What is known about an X-ray when it begins. */
export type LiveHead = Pick<Matrix, 'flow' | 'variant' | 'code' | 'mode' | 'startedAt' | 'env'>

/** One line of the file. */
export type LiveLine =
  | ({ readonly what: 'began' } & LiveHead)
  /** What the X-ray does before the first cell, in words. */
  | { readonly what: 'status'; readonly text: string }
  | ({ readonly what: 'baseline'; readonly total: number } & Pick<
      Matrix,
      'steps' | 'background' | 'baseline' | 'learned'
    >)
  | { readonly what: 'cell'; readonly cell: Cell; readonly leftMs?: number }
  | { readonly what: 'ended'; readonly how: 'stopped' | 'failed'; readonly error?: string }
