/** An error of a start: the instance ended before it was ready. */
export interface EndedBeforeReady extends Error {
  /** The last line for users in the log of the instance; how it ended if there is no such line. */
  readonly lastLine: string
}

export function isEndedBeforeReady(error: unknown): error is EndedBeforeReady {
  return error instanceof Error && 'lastLine' in error && typeof error.lastLine === 'string'
}
