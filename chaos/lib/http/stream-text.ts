/**
 * The text of a response as it arrives. Throws the reason of `signal` when it aborts. `fetch` forgets its own signal when the garbage
 * collector has taken the request, so a stream that is open for long would otherwise never end.
 */
export async function* streamText(
  body: NonNullable<Response['body']>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const cancel = async (): Promise<void> => {
    await reader.cancel(signal.reason).catch(() => undefined)
  }
  const onAbort = (): void => void cancel()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) break
      yield value
    }
    signal.throwIfAborted()
  } finally {
    signal.removeEventListener('abort', onAbort)
    await cancel()
  }
}
