import type { FlowRecord } from '#chaos/contracts/flow-record.ts'

import type { LabelledColumn } from './column-labels.ts'
import type { FlowPart, Tone } from './flow-layout.ts'
import { durationWords } from './moment-words.ts'
import type { TimeScale } from './time-scale.ts'

/** The width of the column of attempts. */
export const attemptsWidth = 140

/** Attempts that overlap are side by side. */
export function attemptBars(record: FlowRecord, x: number, scale: TimeScale): FlowPart['attempts'] {
  const ends: number[] = []
  return record.attempts.map((attempt) => {
    const free = ends.findIndex((endMs) => endMs <= attempt.startMs)
    const place = free < 0 ? ends.length : free
    ends[place] = attempt.endMs
    return {
      attempt,
      x: x + Math.min(place, 1) * 5,
      fromY: scale.yOf(attempt.startMs),
      toY: Math.max(scale.yOf(attempt.startMs) + 3, scale.yOf(attempt.endMs)),
    }
  })
}

export function attemptColumn(record: FlowRecord, x: number, scale: TimeScale): LabelledColumn {
  return {
    column: { x: x + 4, width: attemptsWidth - 20 },
    requests: record.attempts.map((attempt, index) => {
      const y = scale.yOf(attempt.startMs)
      return {
        of: 'attempt' as const,
        index,
        text: `attempt ${index + 1}, ${attempt.instance}: ${attempt.result}, ${durationWords(attempt.endMs - attempt.startMs)}`,
        linesMax: 3,
        atY: y,
        side: 'below' as const,
        target: { x: x - 6, y: y + 3 },
        tone: { ok: 'good', fail: 'wrong', unknown: 'unsure' }[attempt.outcome] as Tone,
        weight: 1,
      }
    }),
  }
}
