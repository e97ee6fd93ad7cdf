/** Runs acts on the same thing one after the other, in the order in which they came. */
export type Turns = <T>(name: string, act: () => Promise<T>) => Promise<T>

/**
 * Looking at a container and acting on it are two requests to the engine. Without turns a supervisor and a run that start the
 * same instance would both see that it is down.
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return async (name, act) => {
    const before = last.get(name) ?? Promise.resolve()
    const mine = before.then(act, act)
    last.set(name, mine)
    try {
      return await mine
    } finally {
      if (last.get(name) === mine) last.delete(name)
    }
  }
}
