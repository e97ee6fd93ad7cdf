import type { ColumnId } from '#chaos/xray/planning/columns.ts'

/** The columns without the abbreviations of the terminal. */
const headings: Readonly<Record<ColumnId, string>> = {
  'request-cut': 'request cut',
  'request-silent': 'request dropped',
  'reply-cut': 'reply cut',
  'reply-silent': 'reply dropped',
  'reply-late': 'reply late',
  'caller-dies-before': 'sender killed before',
  'caller-dies-after': 'sender killed after',
  'callee-dies-before': 'receiver killed before',
  'callee-dies-after': 'receiver killed after',
}

export function headingOf(column: ColumnId): string {
  return headings[column]
}

/** `api:redis` as `from api to redis`. */
export function linkWords(link: string): string {
  const [from = '', to = ''] = link.split(':')
  return `from ${from} to ${to}`
}

const states: readonly (readonly [RegExp, string])[] = [
  [
    /^paid, charged, booked, (\d+) from stock$/,
    'the order is paid, charged and booked, and $1 pieces are taken from stock',
  ],
  [
    /^placed, not charged, not booked, (\d+) from stock$/,
    'the order is placed, $1 pieces are taken from stock, and nothing is charged or booked',
  ],
  [
    /^no order, not charged, not booked, 0 from stock$/,
    'there is no order, nothing is charged or booked, and nothing is taken from stock',
  ],
]

/** The recorded story of a cell in sentences. The facts are those of the recording. A part that it does not know stays as it is. */
export function storyWords(story: string): string {
  return story
    .replace(
      /^At (.+?) on ([\w-]+:[\w-]+), /,
      (_, message: string, link: string) => `The fault is on ${message} ${linkWords(link)}: `,
    )
    .replace(
      /The shop settles (\d+) ms after the fault: ([^.]+)\./,
      (_, ms: string, state: string) =>
        `${ms} ms after the fault, nothing changes any more: ${stateWords(state)}.`,
    )
    .replace(
      /The shop does not settle: ([^.]+)\./,
      (_, state: string) => `The order does not reach its end: ${stateWords(state)}.`,
    )
    .replace(
      / Result lost: .*expected a final status, got placed, no job and no outbox message\)\.$/,
      ' The order should end as paid, failed or cancelled. It stays placed: the queue has no job for it, and Postgres has no stored message about it.',
    )
    .replaceAll('caller', 'sender')
    .replaceAll('callee', 'receiver')
    .replaceAll(
      /\b(Api|Worker)-(\d)/g,
      (_, name: string, n: string) => `${name.toLowerCase()}-${n}`,
    )
    .replaceAll(/([.] )(api|worker)-(\d)/g, '$1The process $2-$3')
}

function stateWords(state: string): string {
  const known = states.find(([pattern]) => pattern.test(state))
  return known === undefined ? state : state.replace(known[0], known[1])
}
