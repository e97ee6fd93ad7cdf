/** What is done to the message of a cell. */
export interface Column {
  readonly id: ColumnId
  /** Short heading of the matrix. */
  readonly heading: string
  /** In a sentence: `the caller is killed before the request goes on`. */
  readonly words: string
  readonly phase: 'before' | 'after'
  readonly act: 'cut' | 'silence' | 'late' | 'kill-caller' | 'kill-callee'
}

export const columnIds = [
  'request-cut',
  'request-silent',
  'reply-cut',
  'reply-silent',
  'reply-late',
  'caller-dies-before',
  'caller-dies-after',
  'callee-dies-before',
  'callee-dies-after',
] as const
export type ColumnId = (typeof columnIds)[number]

/** The nine columns of the matrix, from left to right. */
export const columns: readonly Column[] = [
  {
    id: 'request-cut',
    heading: 'req cut',
    words: 'the connection is reset before the request arrives',
    phase: 'before',
    act: 'cut',
  },
  {
    id: 'request-silent',
    heading: 'req silent',
    words: 'the request is swallowed and the connection stays open',
    phase: 'before',
    act: 'silence',
  },
  {
    id: 'reply-cut',
    heading: 'rep cut',
    words: 'it is done, and the connection is reset before the reply arrives',
    phase: 'after',
    act: 'cut',
  },
  {
    id: 'reply-silent',
    heading: 'rep silent',
    words: 'it is done, and the reply is swallowed',
    phase: 'after',
    act: 'silence',
  },
  {
    id: 'reply-late',
    heading: 'rep late',
    words: "it is done, and the reply comes later than the caller's patience or the job's lock",
    phase: 'after',
    act: 'late',
  },
  {
    id: 'caller-dies-before',
    heading: 'caller† before',
    words: 'the caller is killed before the request goes on',
    phase: 'before',
    act: 'kill-caller',
  },
  {
    id: 'caller-dies-after',
    heading: 'caller† after',
    words: 'it is done, and the caller is killed before it hears of it',
    phase: 'after',
    act: 'kill-caller',
  },
  {
    id: 'callee-dies-before',
    heading: 'callee† before',
    words: 'the callee is killed before the request arrives',
    phase: 'before',
    act: 'kill-callee',
  },
  {
    id: 'callee-dies-after',
    heading: 'callee† after',
    words: 'it is done, and the callee is killed before the reply goes out',
    phase: 'after',
    act: 'kill-callee',
  },
]

export function columnNamed(id: string): Column | undefined {
  return columns.find((column) => column.id === id)
}
