/** A connection to the inspector of a Node process. */
export interface HeapInspector extends Disposable {
  /** The size of the heap after a garbage collection, in megabytes. */
  heapMegabytes(): Promise<number>
}

interface Response {
  readonly id?: number
  readonly result?: { readonly usedSize?: number }
  readonly error?: { readonly message: string }
}

/** Connects to the inspector of a Node process. `log` is the process's output, which contains the inspector's address. */
export async function openHeapInspector(log: string): Promise<HeapInspector> {
  const [url] = log.match(/ws:\/\/\S+/g)?.slice(-1) ?? []
  if (url === undefined) throw new Error('The log contains no address of an inspector.')
  const socket = new WebSocket(url)
  const waiting = new Map<number, (response: Response) => void>()
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`The inspector at ${url} is closed.`)))
  })
  socket.addEventListener('message', ({ data }) => {
    const response = JSON.parse(String(data)) as Response
    if (response.id !== undefined) waiting.get(response.id)?.(response)
  })
  let sent = 0
  const send = async (method: string): Promise<Response> => {
    const id = (sent += 1)
    const response = new Promise<Response>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method }))
    const { error, result } = await response
    waiting.delete(id)
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return { result: result ?? {} }
  }
  await send('HeapProfiler.enable')
  return {
    heapMegabytes: async () => {
      await send('HeapProfiler.collectGarbage')
      const { result } = await send('Runtime.getHeapUsage')
      return (result?.usedSize ?? Number.NaN) / 1e6
    },
    [Symbol.dispose]: () => socket.close(),
  }
}
