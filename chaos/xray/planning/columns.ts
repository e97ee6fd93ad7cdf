/** One fault on an exchange. */
export interface MatrixColumn {
  readonly id: ColumnId
  /** Short heading in the matrix. */
  readonly heading: string
  /** A clause for sentences: `the connection is reset before the request arrives`. */
  readonly words: string
  /** Whether the fault comes before the callee receives the request, or after it has executed the request. */
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
export const columns: readonly MatrixColumn[] = [
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
    words: 'the request is dropped and the connection stays open',
    phase: 'before',
    act: 'silence',
  },
  {
    id: 'reply-cut',
    heading: 'rep cut',
    words: 'the request is executed; the connection is reset before the reply arrives',
    phase: 'after',
    act: 'cut',
  },
  {
    id: 'reply-silent',
    heading: 'rep silent',
    words: 'the request is executed; the reply is dropped and the connection stays open',
    phase: 'after',
    act: 'silence',
  },
  {
    id: 'reply-late',
    heading: 'rep late',
    words:
      "the request is executed; the reply arrives after the caller's timeout and the job's lock",
    phase: 'after',
    act: 'late',
  },
  {
    id: 'caller-dies-before',
    heading: 'caller† before',
    words: 'the caller is killed before the request arrives',
    phase: 'before',
    act: 'kill-caller',
  },
  {
    id: 'caller-dies-after',
    heading: 'caller† after',
    words: 'the request is executed; the caller is killed before the reply arrives',
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
    words: 'the request is executed; the callee is killed before the reply arrives',
    phase: 'after',
    act: 'kill-callee',
  },
]

export function columnNamed(id: string): MatrixColumn | undefined {
  return columns.find((column) => column.id === id)
}
