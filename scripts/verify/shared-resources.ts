import type { SharedResources } from './task.ts'

/** Keeps the resources until it is disposed. */
export function createSharedResources(): SharedResources & AsyncDisposable {
  const kept = new Map<string, AsyncDisposable>()
  const drop = async (name: string): Promise<void> => {
    const resource = kept.get(name)
    kept.delete(name)
    await resource?.[Symbol.asyncDispose]()
  }
  return {
    get: async <T extends AsyncDisposable>(name: string, make: () => Promise<T>) => {
      const resource = (kept.get(name) as T | undefined) ?? (await make())
      kept.set(name, resource)
      return resource
    },
    drop,
    [Symbol.asyncDispose]: async () => {
      for (const name of kept.keys()) await drop(name)
    },
  }
}
