/** Rejects when the signal aborts, else never settles. For `Promise.race` with work that has no signal of its own. */
export function rejectionOn(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = (): void => reject(new Error('it did not respond in time'))
  if (signal?.aborted === true) late()
  else signal?.addEventListener('abort', late, { once: true })
  // It can lose the race.
  promise.catch(() => undefined)
  return promise
}
