/** What a cell can come to, worst first. */
const orderResultNames = [
  'double-effect',
  'torn',
  'lost',
  'phantom',
  'stuck',
  'orphan',
  'ok-slow',
  'ok-retried',
  'ok',
  'ok-rejected',
  'ok-indeterminate',
] as const
export type OrderResultName = (typeof orderResultNames)[number]

/** Cells without a verdict: the trap never sprang, the column makes no sense here, another cell stands for it, our own failure. */
export type NoResult = 'not-fired' | 'n/a' | 'pruned' | 'harness-error'

export type CellResult = OrderResultName | NoResult

export type Colour = 'red' | 'orange' | 'pale-green' | 'green' | 'grey'

export interface ResultLook {
  readonly colour: Colour
  /** At most seven characters: colour alone is not for everybody. */
  readonly word: string
  readonly meaning: string
}

export const resultLooks: Readonly<Record<CellResult, ResultLook>> = {
  'double-effect': {
    colour: 'red',
    word: 'DOUBLE',
    meaning: 'charged, booked or taken from stock more than once',
  },
  torn: { colour: 'red', word: 'TORN', meaning: 'the stores contradict one another' },
  lost: {
    colour: 'red',
    word: 'LOST',
    meaning: 'the customer was told yes, and nothing came of it',
  },
  phantom: { colour: 'red', word: 'PHANTOM', meaning: 'the customer was told no, and it was done' },
  stuck: { colour: 'orange', word: 'stuck', meaning: 'still on its way when patience ended' },
  orphan: {
    colour: 'orange',
    word: 'orphan',
    meaning: 'an order that nobody works on and nobody was told of',
  },
  'ok-slow': { colour: 'pale-green', word: 'slow', meaning: 'right in the end, and late' },
  'ok-retried': { colour: 'pale-green', word: 'retried', meaning: 'right, after another attempt' },
  ok: { colour: 'green', word: 'ok', meaning: 'as if nothing had happened' },
  'ok-rejected': {
    colour: 'green',
    word: 'refused',
    meaning: 'the customer was not told yes, and nothing was done',
  },
  'ok-indeterminate': {
    colour: 'green',
    word: 'unsure',
    meaning: 'the customer does not know, and it was done once and whole',
  },
  'not-fired': {
    colour: 'grey',
    word: 'no fire',
    meaning: 'the message never came: this cell says nothing',
  },
  'n/a': { colour: 'grey', word: '·', meaning: 'makes no sense here' },
  pruned: { colour: 'grey', word: '=', meaning: 'another cell stands for it' },
  'harness-error': { colour: 'grey', word: 'error', meaning: 'the X-ray itself failed here' },
}

export function isBad(verdict: CellResult): boolean {
  const { colour } = resultLooks[verdict]
  return colour === 'red' || colour === 'orange'
}

/** Position among the verdicts, worst first; cells without one come last. */
export function rankOf(verdict: CellResult): number {
  const rank = orderResultNames.findIndex((name) => name === verdict)
  return rank === -1 ? orderResultNames.length : rank
}
