import type { ExchangeEvent } from '#chaos/contracts/links.ts'

/** A message of a recording. What happens to it later is added to it. */
export type RecordedMessage = { -readonly [Key in keyof ExchangeEvent]: ExchangeEvent[Key] }

/** Where the messages of flows are kept. */
export interface MessageKeeper {
  add(message: RecordedMessage): void
}
