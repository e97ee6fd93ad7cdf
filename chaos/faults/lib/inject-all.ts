import type { InjectedFault } from '#chaos/contracts/fault.ts'
import { messageOf } from '#chaos/lib/errors.ts'

/** How long undoing one fault may take: starting a crashed instance again takes longest. */
const undoLimitMs = 30_000

export interface Injection {
  readonly mechanism: string
  readonly targets: readonly string[]
  /** The run's or the request's. */
  readonly signal: AbortSignal
  readonly apply: (target: string, signal: AbortSignal) => Promise<void>
  /** Called for every target that `apply` was called for, also when that failed: it must not mind finding nothing. */
  readonly undo: (target: string, signal: AbortSignal) => Promise<void>
  /** One target after the other, as a rolling restart does; else all at once. */
  readonly oneByOne?: boolean
  readonly toxics?: readonly string[]
  readonly lastsMs?: number
  /** Found out while applying: what replaces `mechanism`, and how much was hit. */
  readonly describe?: () => { readonly mechanism: string; readonly hit?: number }
}

/** Applies a fault to its targets. When one fails, or the signal aborts, everything is undone before it throws. */
export async function injectAll(injection: Injection): Promise<InjectedFault> {
  const attempted = new Set<string>()
  const undo = once(() => undoAll([...attempted].toReversed(), injection.undo))
  try {
    await applyAll(injection, attempted)
    injection.signal.throwIfAborted()
  } catch (error) {
    try {
      await undo()
    } catch (undoError) {
      const both = `${messageOf(error)}; and undoing it failed: ${messageOf(undoError)}`
      throw new Error(both, { cause: undoError })
    }
    // What failed because it was aborted failed for the reason of the abort.
    injection.signal.throwIfAborted()
    throw error
  }
  return {
    mechanism: injection.mechanism,
    ...injection.describe?.(),
    ...(injection.toxics === undefined ? {} : { toxics: injection.toxics }),
    ...(injection.lastsMs === undefined ? {} : { lastsMs: injection.lastsMs }),
    [Symbol.asyncDispose]: undo,
  }
}

async function applyAll(injection: Injection, attempted: Set<string>): Promise<void> {
  const apply = async (target: string): Promise<void> => {
    injection.signal.throwIfAborted()
    attempted.add(target)
    await injection.apply(target, injection.signal)
  }
  if (injection.oneByOne === true) {
    for (const target of injection.targets) await apply(target)
    return
  }
  // Settled, not raced: nothing may still be on its way while the rest is undone.
  throwFailures(await Promise.allSettled(injection.targets.map(apply)))
}

async function undoAll(targets: readonly string[], undo: Injection['undo']): Promise<void> {
  const signal = AbortSignal.timeout(undoLimitMs)
  throwFailures(
    await Promise.allSettled(targets.map((target) => within(signal, undo(target, signal), target))),
  )
}

function throwFailures(results: readonly PromiseSettledResult<void>[]): void {
  const failed = results.filter((result) => result.status === 'rejected')
  const errors = new Set<unknown>(failed.map(({ reason }) => reason as unknown))
  const [first] = errors
  if (errors.size === 1) throw first
  if (errors.size > 1) throw new AggregateError(errors, [...errors].map(messageOf).join('; '))
}

async function within(signal: AbortSignal, work: Promise<void>, target: string): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = (): void =>
    reject(new Error(`Undoing the fault on ${target} took longer than ${undoLimitMs / 1_000} s.`))
  signal.addEventListener('abort', late, { once: true })
  try {
    await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', late)
  }
}

/** Runs at most once with success; a failed undo may be tried again. */
function once(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined
  return async () => {
    current ??= work()
    try {
      await current
    } catch (error) {
      current = undefined
      throw error
    }
  }
}
