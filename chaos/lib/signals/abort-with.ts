/**
 * A controller that also aborts when `signal` does, until it is disposed. Use it for short work under a long-lived signal.
 * `AbortSignal.any` would leave an entry (240 bytes with Node 24) at the long-lived signal each time: too much for one call
 * per request over an hour.
 */
export function abortWith(signal: AbortSignal): AbortController & Disposable {
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return Object.assign(controller, {
    [Symbol.dispose]: () => signal.removeEventListener('abort', abort),
  })
}
