interface Response {
  readonly id?: number
  readonly result?: { readonly usedSize?: number; readonly result?: { readonly value?: number } }
  readonly error?: { readonly message: string }
}

/** A conversation with the inspector of a Node process. Disposing it waits until it is closed. */
interface Session extends AsyncDisposable {
  send(method: string, params?: Readonly<Record<string, unknown>>): Promise<Response>
}

/** Connects to the inspector at this address (`ws://...`). Rejects if it is closed. */
export async function openInspectorSession(url: string): Promise<Session> {
  const socket = new WebSocket(url)
  const closed = new Promise<void>((resolve) => {
    socket.addEventListener('close', () => resolve())
  })
  const waiting = new Map<number, (response: Response) => void>()
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`The inspector at ${url} is closed.`)))
  })
  socket.addEventListener('message', ({ data }) => {
    const response = JSON.parse(String(data)) as Response
    if (response.id !== undefined) waiting.get(response.id)?.(response)
  })
  socket.addEventListener('close', () => {
    const error = { message: 'the process has closed its inspector, or has ended' }
    for (const answer of waiting.values()) answer({ error })
  })
  let sent = 0
  return {
    send: async (method, params) => {
      const id = (sent += 1)
      const response = new Promise<Response>((resolve) => waiting.set(id, resolve))
      socket.send(JSON.stringify({ id, method, params }))
      const { error, result } = await response
      waiting.delete(id)
      if (error !== undefined) throw new Error(`${method}: ${error.message}`)
      return { result: result ?? {} }
    },
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await closed
    },
  }
}
