import type { FlowRecord } from '#chaos/contracts/flow-record.ts'

import type { LabelledColumn } from './column-labels.ts'
import type { HoldingColumn } from './flow-layout.ts'
import { gutter } from './place-lanes.ts'
import type { TimeScale } from './time-scale.ts'

/** The width of the column of one source of truth. */
export const holdingWidth = 136

export function holdingColumns(record: FlowRecord, x: number, scale: TimeScale): HoldingColumn[] {
  const sources = [...new Set(record.holdings.map(({ source }) => source))]
  return sources.map((source, i) => {
    const own = record.holdings
      .filter((holding) => holding.source === source)
      .toSorted((a, b) => a.atMs - b.atMs)
    return {
      source,
      x: x + i * holdingWidth,
      pieces: own.map((holding, j) => ({
        holding,
        x: x + i * holdingWidth + 4,
        fromY: scale.yOf(holding.atMs),
        toY: scale.yOf(own[j + 1]?.atMs ?? scale.toMs),
      })),
    }
  })
}

export function holdingLabels(record: FlowRecord, { x, pieces }: HoldingColumn): LabelledColumn {
  return {
    column: { x: x + gutter, width: holdingWidth - gutter - 8 },
    requests: pieces.map(({ holding, fromY }) => ({
      of: 'holding' as const,
      index: record.holdings.indexOf(holding),
      text: `${holding.isWrong === true ? '✕ ' : ''}${holding.text}`,
      linesMax: 4,
      atY: fromY,
      side: 'below' as const,
      target: { x: x + 6, y: fromY + 2 },
      tone: holding.isWrong === true ? 'wrong' : 'plain',
      weight: 1,
    })),
  }
}
