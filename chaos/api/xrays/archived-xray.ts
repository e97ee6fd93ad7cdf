import type { XraySummary } from '#chaos/contracts/api.ts'
import { resultLooks } from '#chaos/xray/judging/cell-results.ts'
import type { LiveState } from '#chaos/xray/live/live-reader.ts'
import type { XrayMatrix } from '#chaos/xray/live/xray-view.ts'
import type { Cell, Matrix } from '#chaos/xray/matrix.ts'
import { columnIds } from '#chaos/xray/planning/columns.ts'

/** What the X-ray's files contain. The control adds the folder, and whether this controller started it. */
export type ArchivedXray = Omit<XraySummary, 'ours' | 'folder'>

/** Summary of a finished X-ray. */
export function summaryOfDone(id: string, matrix: Matrix): ArchivedXray {
  return {
    ...headOf(id, matrix),
    state: 'done',
    error: null,
    status: '',
    done: matrix.cells.length,
    total: matrix.cells.length,
    leftMs: null,
    ...counts(matrix.cells),
  }
}

/** Summary of an X-ray without a result; undefined while its file has no head. `lost`: its process no longer writes. */
export function summaryOfLive(
  id: string,
  live: LiveState,
  lost: boolean,
): ArchivedXray | undefined {
  const { head, baseline, cells, ended, status, leftMs } = live
  if (head === undefined) return undefined
  const state = ended?.how ?? (lost ? 'failed' : 'running')
  return {
    ...headOf(id, head),
    state,
    error: ended?.error ?? (lost ? 'The process of this X-ray is gone.' : null),
    status,
    done: cells.length,
    total: baseline?.total ?? 0,
    leftMs: state === 'running' ? (leftMs ?? null) : null,
    ...counts(cells),
  }
}

/** The matrix with the cells so far. */
export function matrixOfLive({ head, baseline, cells }: LiveState): XrayMatrix | undefined {
  if (head === undefined) return undefined
  const known = baseline ?? {
    steps: [],
    background: [],
    baseline: { runs: 0, exchanges: [], ms: [], history: [] },
  }
  return {
    ...head,
    steps: known.steps,
    background: known.background,
    baseline: known.baseline,
    ...(baseline?.learned === undefined ? {} : { learned: baseline.learned }),
    columns: columnIds,
    cells,
    classes: [],
    summary: null,
  }
}

function headOf(id: string, { flow, variant, mode, startedAt }: Omit<XrayHead, 'id'>): XrayHead {
  return { id, flow, variant, mode, startedAt }
}

type XrayHead = Pick<XraySummary, 'id' | 'flow' | 'variant' | 'mode' | 'startedAt'>

function counts(cells: readonly Cell[]): Pick<XraySummary, 'integrity' | 'liveness' | 'silent'> {
  const ofColour = (colour: string): number =>
    cells.filter(({ result }) => resultLooks[result].colour === colour).length
  const silent = cells.filter(({ result }) => result === 'not-fired' || result === 'harness-error')
  return { integrity: ofColour('red'), liveness: ofColour('orange'), silent: silent.length }
}
