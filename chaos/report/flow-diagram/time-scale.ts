import { roundStep } from '../round-marks.ts'

/** Maps milliseconds to units of the drawing. Times in which nothing happens are folded; all others have one scale. */
export interface TimeScale {
  readonly pxPerMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly top: number
  readonly bottom: number
  readonly folds: readonly TimeFold[]
  readonly yOf: (ms: number) => number
  /** The inverse of `yOf`. Inside a fold it is in proportion. */
  readonly msOf: (y: number) => number
}

/** A visible break in the time axis: between these times nothing happens. */
export interface TimeFold {
  readonly fromMs: number
  readonly toMs: number
  readonly fromY: number
  readonly toY: number
}

interface Piece extends TimeFold {
  readonly isFolded: boolean
}

/** The height of a break. */
const foldHeight = 34
/** The part of a folded time that is still to scale, before and after the break. */
const foldEdge = 20
/** An idle time below this height is not folded. */
const foldsFrom = 150

/** `times`: when something happens. At least one. */
export function createTimeScale(
  times: readonly number[],
  { pxPerMs, top }: { readonly pxPerMs: number; readonly top: number },
): TimeScale {
  const moments = [...new Set(times)].toSorted((a, b) => a - b)
  const fromMs = moments[0] ?? 0
  const pieces: Piece[] = []
  let y = top
  const add = (from: number, to: number, height: number, isFolded: boolean): void => {
    pieces.push({ fromMs: from, toMs: to, fromY: y, toY: y + height, isFolded })
    y += height
  }
  for (const [i, ms] of moments.slice(1).entries()) {
    const before = moments[i] ?? fromMs
    const height = (ms - before) * pxPerMs
    if (height < foldsFrom) add(before, ms, height, false)
    else {
      const edgeMs = foldEdge / pxPerMs
      add(before, before + edgeMs, foldEdge, false)
      add(before + edgeMs, ms - edgeMs, foldHeight, true)
      add(ms - edgeMs, ms, foldEdge, false)
    }
  }
  return {
    pxPerMs,
    fromMs,
    toMs: moments.at(-1) ?? fromMs,
    top,
    bottom: y,
    folds: pieces.filter(({ isFolded }) => isFolded),
    yOf: (ms) => {
      const piece = pieceAt(pieces, (one) => one.toMs >= ms)
      if (piece === undefined) return top
      const share = (clamp(ms, piece.fromMs, piece.toMs) - piece.fromMs) / span(piece)
      return piece.fromY + share * (piece.toY - piece.fromY)
    },
    msOf: (at) => {
      const piece = pieceAt(pieces, (one) => one.toY >= at)
      if (piece === undefined) return fromMs
      const share =
        (clamp(at, piece.fromY, piece.toY) - piece.fromY) / Math.max(1e-9, piece.toY - piece.fromY)
      return piece.fromMs + share * (piece.toMs - piece.fromMs)
    },
  }
}

export interface Tick {
  readonly ms: number
  readonly y: number
}

/** Round times with space between them, none of them in a fold. */
export function ticksOf(scale: TimeScale): readonly Tick[] {
  const stepMs = roundStep(46 / scale.pxPerMs)
  const ticks: Tick[] = []
  const edges = [scale.fromMs, ...scale.folds.flatMap((fold) => [fold.fromMs, fold.toMs])]
  for (let i = 0; i < edges.length; i += 2) {
    const from = edges[i] ?? scale.fromMs
    const to = edges[i + 1] ?? scale.toMs
    for (let n = Math.ceil(from / stepMs); n * stepMs <= to; n += 1) {
      const ms = Number((n * stepMs).toFixed(6))
      const y = scale.yOf(ms)
      const isInFold = scale.folds.some((fold) => y > fold.fromY - 9 && y < fold.toY + 9)
      if (!isInFold) ticks.push({ ms, y })
    }
  }
  return ticks
}

/** The first piece that meets the condition, which all later pieces meet as well; else the last piece. */
function pieceAt(pieces: readonly Piece[], meets: (piece: Piece) => boolean): Piece | undefined {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    const piece = pieces[middle]
    if (piece !== undefined && meets(piece)) high = middle
    else low = middle + 1
  }
  return pieces[low]
}

function span({ fromMs, toMs }: TimeFold): number {
  return Math.max(1e-9, toMs - fromMs)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
