import { InputError } from '#chaos/lib/errors.ts'

/** Work other than a run that uses the sandbox. */
export interface Occupation {
  /** Resolves when the sandbox is free again; rejects with the error of the work. */
  readonly ended: Promise<void>
  abort(reason: string): void
}

export interface Occupant {
  /** `The X-ray xray-20300101-000000-place-order` */
  readonly name: string
  readonly abort: AbortController
  readonly done: Promise<void>
}

export interface Occupations {
  /** What uses the sandbox now. */
  readonly current: Occupant | undefined
  /** Starts the work. Nothing else may use the sandbox at this moment. */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): Occupation
  /** Aborts the current work, if there is some, and waits until it has ended. */
  abort(reason: string): Promise<void>
}

/** The error for a request that needs a sandbox which `name` uses. */
export function isUsing(name: string): InputError {
  return new InputError(`${name} is using the sandbox.`, {
    remedy: 'Wait until it has ended, or abort it: unhappy halt',
    status: 409,
  })
}

/** `cleanUp` runs at the end of each work, before the sandbox is free again. */
export function createOccupations(cleanUp: () => Promise<void>): Occupations {
  let current: Occupant | undefined
  const abortOne = (one: Pick<Occupant, 'name' | 'abort'>, reason: string): void =>
    one.abort.abort(new InputError(`${one.name} was stopped: ${reason}.`, { status: 409 }))
  return {
    get current() {
      return current
    },
    start: (name, work) => {
      const abort = new AbortController()
      const run = async (): Promise<void> => {
        try {
          await work(abort.signal)
        } finally {
          await cleanUp()
          current = undefined
        }
      }
      const { promise: begin, resolve } = Promise.withResolvers<void>()
      const done = begin.then(run)
      current = { name, abort, done }
      resolve()
      return { ended: done, abort: (reason) => abortOne({ name, abort }, reason) }
    },
    abort: async (reason) => {
      const one = current
      if (one === undefined) return
      abortOne(one, reason)
      await one.done.catch(() => undefined)
    },
  }
}
