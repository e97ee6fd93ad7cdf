import {
  type FlowResultName,
  flowResultNames,
  type ResultMeanings,
} from '#chaos/contracts/system/flow.ts'

/**
 * Cells without a result of the flow: the trap did not fire, the column does not apply, another cell represents this one, the
 * budget ended first, or the X-ray itself failed.
 */
export type NoResult = 'not-fired' | 'n/a' | 'pruned' | 'not-run' | 'harness-error'

export type CellResult = FlowResultName | NoResult

export type Colour = 'red' | 'orange' | 'yellow' | 'pale-green' | 'green' | 'grey'

export interface ResultLook {
  readonly colour: Colour
  /** At most seven characters. It is next to the colour for readers who cannot see colours. */
  readonly word: string
  /** For any system. {@link lookOf} has the words of one. */
  readonly meaning: string
}

/** How a result looks, and what it means. */
export const resultLooks: Readonly<Record<CellResult, ResultLook>> = {
  'double-effect': {
    colour: 'red',
    word: 'DOUBLE',
    meaning: 'the flow has its effect more than once',
  },
  torn: {
    colour: 'red',
    word: 'TORN',
    meaning: 'the stores contradict each other',
  },
  lost: {
    colour: 'red',
    word: 'LOST',
    meaning:
      'the client received a success response, but the effect is missing or no process continues it',
  },
  phantom: {
    colour: 'red',
    word: 'PHANTOM',
    meaning: 'the client received a refusal, but the flow has its effect',
  },
  untrue: {
    colour: 'red',
    word: 'UNTRUE',
    meaning: 'the client received a success response that contradicts the sources of truth',
  },
  stuck: {
    colour: 'orange',
    word: 'stuck',
    meaning:
      'the flow had not settled when the X-ray stopped waiting, or a retry had no success response',
  },
  orphan: {
    colour: 'orange',
    word: 'orphan',
    meaning: 'a flow that no process continues and whose client has no final response',
  },
  unserved: {
    colour: 'orange',
    word: 'failed',
    meaning:
      'the client received no success response, although the system can respond without this message',
  },
  'more-rows': {
    colour: 'yellow',
    word: 'more',
    meaning:
      'the flow has its effect at most once, and has changed further rows where that is legal: a log, a counter of attempts',
  },
  'ok-slow': {
    colour: 'pale-green',
    word: 'slow',
    meaning: 'correct, but late or parked for an operator',
  },
  'ok-retried': {
    colour: 'pale-green',
    word: 'retried',
    meaning: 'correct, after a retry or a recovery',
  },
  ok: {
    colour: 'green',
    word: 'ok',
    meaning: 'the same as without a fault',
  },
  'ok-rejected': {
    colour: 'green',
    word: 'refused',
    meaning: 'the client received no success response, and the flow has no effect',
  },
  'ok-indeterminate': {
    colour: 'green',
    word: 'unsure',
    meaning:
      'the client received no success response; what is stored is consistent, and the flow has its effect at most once',
  },
  'not-fired': {
    colour: 'grey',
    word: 'no fire',
    meaning: 'the flow did not send the message, so there is no result',
  },
  'n/a': {
    colour: 'grey',
    word: '·',
    meaning: 'the column does not apply to this message',
  },
  pruned: {
    colour: 'grey',
    word: '=',
    meaning: 'not run: another cell represents this one',
  },
  'not-run': {
    colour: 'grey',
    word: 'not run',
    meaning: 'the X-ray ended before this cell',
  },
  'harness-error': {
    colour: 'grey',
    word: 'error',
    meaning: 'the X-ray itself failed in this cell',
  },
}

/** How a result looks, and what it means in the words of a system. */
export function lookOf(result: CellResult, meanings: ResultMeanings = {}): ResultLook {
  const look = resultLooks[result]
  return { ...look, meaning: meanings[result as keyof ResultMeanings] ?? look.meaning }
}

/** Every result, the worst first. */
export const cellResults = Object.keys(resultLooks) as readonly CellResult[]

/** Whether the run of a flow has this result. */
export function isFlowResult(result: CellResult): result is FlowResultName {
  return flowResultNames.some((name) => name === result)
}

/** Red or orange. */
export function isBad(result: CellResult): boolean {
  const { colour } = resultLooks[result]
  return colour === 'red' || colour === 'orange'
}

/** Position among the results, the worst first; cells without a result of the flow come last. */
export function rankOf(result: CellResult): number {
  const rank = flowResultNames.findIndex((name) => name === result)
  return rank === -1 ? flowResultNames.length : rank
}
