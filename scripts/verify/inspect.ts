/** A process with an open inspector. */
export interface Inspected extends Disposable {
  /** What it really holds, megabytes: garbage does not count. */
  heapMegabytes(): Promise<number>
}

interface Answer {
  readonly id?: number
  readonly result?: { readonly usedSize?: number }
  readonly error?: { readonly message: string }
}

/** Connects to the inspector whose address a Node process wrote into its log. */
export async function inspect(log: string): Promise<Inspected> {
  const [url] = log.match(/ws:\/\/\S+/g)?.slice(-1) ?? []
  if (url === undefined) throw new Error('the controller has opened no inspector')
  const socket = new WebSocket(url)
  const waiting = new Map<number, (answer: Answer) => void>()
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`${url} does not answer`)))
  })
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  let asked = 0
  const ask = async (method: string): Promise<Answer> => {
    const id = (asked += 1)
    const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method }))
    const { error, result } = await answer
    waiting.delete(id)
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return { result: result ?? {} }
  }
  await ask('HeapProfiler.enable')
  return {
    heapMegabytes: async () => {
      await ask('HeapProfiler.collectGarbage')
      const { result } = await ask('Runtime.getHeapUsage')
      return (result?.usedSize ?? Number.NaN) / 1e6
    },
    [Symbol.dispose]: () => socket.close(),
  }
}
