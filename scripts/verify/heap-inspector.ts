import { openInspectorSession } from './inspector-session.ts'

/** A connection to the inspector of a Node process. */
export interface HeapInspector extends AsyncDisposable {
  /** The size of the heap after a garbage collection, in megabytes. */
  heapMegabytes(): Promise<number>
}

/** Connects to the inspector of a Node process. `log` is the process's output, which contains the inspector's address. */
export async function openHeapInspector(log: string): Promise<HeapInspector> {
  const [url] = log.match(/ws:\/\/\S+/g)?.slice(-1) ?? []
  if (url === undefined) throw new Error('The log contains no address of an inspector.')
  const session = await openInspectorSession(url)
  await session.send('HeapProfiler.enable')
  return {
    heapMegabytes: async () => {
      await session.send('HeapProfiler.collectGarbage')
      const { result } = await session.send('Runtime.getHeapUsage')
      return (result?.usedSize ?? Number.NaN) / 1e6
    },
    [Symbol.asyncDispose]: async () => await session[Symbol.asyncDispose](),
  }
}
