/**
 * Business transactions in messages. A client key is, for example, `o-7f-000017` (`o-`, the run, the number). The id of its
 * order begins with the key (`o-7f-000017.9ac01f`); both name the same transaction. When a client sends no key, the API
 * makes one (`gen-`).
 */
const keyPattern = /\b(?:o-[0-9a-z]+-\d+|gen-[0-9a-f]{16})/g
const idempotencyKey = /^idempotency-key:[ \t]*([^\r\n]{1,200})\r?$/im

/** The keys in a message, each once, in order; at most `max`. */
export function keysIn(text: string, max = 8): string[] {
  const found = workloadKeysIn(text, max)
  if (found.length > 0) return found
  const header = idempotencyKey.exec(text)?.[1]?.trim()
  return header === undefined || header === '' ? found : [header]
}

/** The keys of workloads in a message, each once, in order; at most `max`. */
export function workloadKeysIn(text: string, max: number): string[] {
  const found = new Set<string>()
  for (const [key] of text.matchAll(keyPattern)) {
    found.add(key)
    if (found.size >= max) break
  }
  return [...found]
}
