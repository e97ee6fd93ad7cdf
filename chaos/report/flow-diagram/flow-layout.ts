import type {
  FlowAttempt,
  FlowFault,
  FlowGap,
  FlowHolding,
  FlowLane,
  FlowMessage,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'

import type { TimeScale } from './time-scale.ts'

/** Where everything is in a space-time diagram. Time runs down. */
export interface FlowLayout {
  readonly width: number
  readonly height: number
  /** Everything above is the title and the names of the lines. */
  readonly top: number
  /** The flow, and beside it the fault-free flow of a comparison. */
  readonly parts: readonly FlowPart[]
  /** Below the diagram: what the marks mean, and notes. */
  readonly texts: readonly string[]
}

export interface FlowPart {
  readonly record: FlowRecord
  readonly title: string
  readonly x: number
  readonly width: number
  readonly scale: TimeScale
  /** The right end of the names of times. */
  readonly axisX: number
  readonly lanes: readonly DrawnLane[]
  readonly bottom: number
  readonly arrows: readonly DrawnArrow[]
  readonly bands: readonly DrawnBand[]
  readonly gaps: readonly (Extent & { readonly gap: FlowGap })[]
  readonly attempts: readonly (Extent & { readonly attempt: FlowAttempt })[]
  readonly holdings: readonly HoldingColumn[]
  readonly labels: readonly DrawnLabel[]
  /** Sentences below the diagram. */
  readonly notes: readonly string[]
}

export interface DrawnLane {
  readonly lane: FlowLane
  readonly x: number
}

/** A part of a vertical line. */
export interface Extent {
  readonly x: number
  readonly fromY: number
  readonly toY: number
}

export interface DrawnArrow {
  /** The place in `record.messages`. */
  readonly index: number
  readonly message: FlowMessage
  readonly x1: number
  readonly y1: number
  /** Of a lost message: in the air, before the line of its receiver. */
  readonly x2: number
  readonly y2: number
  readonly isLost: boolean
  readonly tone: Tone
}

/** A fault: on a link it covers the space between two lines, on an instance its line. A trap has no height. */
export interface DrawnBand {
  readonly fault: FlowFault
  readonly x1: number
  readonly x2: number
  readonly fromY: number
  readonly toY: number
}

export interface HoldingColumn {
  readonly source: string
  readonly x: number
  readonly pieces: readonly (Extent & { readonly holding: FlowHolding })[]
}

export type Tone = 'plain' | 'quiet' | 'new' | 'missing' | 'fault' | 'wrong' | 'good' | 'unsure'

export interface DrawnLabel {
  readonly of: 'message' | 'fault' | 'gap' | 'attempt' | 'holding'
  /** The place of its subject in the record. */
  readonly index: number
  readonly lines: readonly string[]
  readonly x: number
  /** The upper edge. */
  readonly y: number
  readonly width: number
  readonly height: number
  readonly tone: Tone
  /** From a label that is not at its place to what it names. */
  readonly leader?: {
    readonly x1: number
    readonly y1: number
    readonly x2: number
    readonly y2: number
  }
}

export const rowHeight = 13
/** The width of one character of a label. */
export const charWidth = 6.65
