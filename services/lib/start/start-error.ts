/** The service cannot start with what it was given. The message is one line: the thing, the value, the remedy. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
