import type { Shared } from './task.ts'

/** Keeps what tasks share until the end. */
export function createShared(): Shared & AsyncDisposable {
  const kept = new Map<string, AsyncDisposable>()
  const drop = async (name: string): Promise<void> => {
    const thing = kept.get(name)
    kept.delete(name)
    await thing?.[Symbol.asyncDispose]()
  }
  return {
    get: async <T extends AsyncDisposable>(name: string, make: () => Promise<T>) => {
      const thing = (kept.get(name) as T | undefined) ?? (await make())
      kept.set(name, thing)
      return thing
    },
    drop,
    [Symbol.asyncDispose]: async () => {
      for (const name of kept.keys()) await drop(name)
    },
  }
}
