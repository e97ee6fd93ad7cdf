/**
 * The service cannot start with its configuration. The message is one line: the setting, the value,
 * the remedy.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}
