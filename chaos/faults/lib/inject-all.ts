import type { InjectedFault } from '#chaos/contracts/fault.ts'
import { messageOf } from '#chaos/lib/errors.ts'

/** Limit for healing one fault. Starting a crashed instance again takes longest. */
const healLimitMs = 30_000

export interface Injection {
  readonly mechanism: string
  readonly targets: readonly string[]
  /** The run's or the request's. */
  readonly signal: AbortSignal
  readonly apply: (target: string, signal: AbortSignal) => Promise<void>
  /** Called for every target that `apply` was called for, even when that failed. Finding nothing to heal is fine. */
  readonly heal: (target: string, signal: AbortSignal) => Promise<void>
  /** One target after the other, as in a rolling restart; else all at once. */
  readonly oneByOne?: boolean
  readonly toxics?: readonly string[]
  readonly lastsMs?: number
  readonly remainsOn?: InjectedFault['remainsOn']
  /** Known after `apply`: replaces `mechanism`, and says how much was hit. */
  readonly describe?: () => { readonly mechanism: string; readonly hit?: number }
}

/** Applies a fault to its targets. When one fails, or the signal aborts, it heals all of them before it throws. */
export async function injectAll(injection: Injection): Promise<InjectedFault> {
  const attempted = new Set<string>()
  const heal = once(() => healAll([...attempted].toReversed(), injection.heal))
  try {
    await applyAll(injection, attempted)
    injection.signal.throwIfAborted()
  } catch (error) {
    try {
      await heal()
    } catch (healError) {
      const both = `${messageOf(error)}; and the fault could not be healed: ${messageOf(healError)}`
      throw new Error(both, { cause: healError })
    }
    // After an abort, the reason of the abort is the error to report.
    injection.signal.throwIfAborted()
    throw error
  }
  return {
    mechanism: injection.mechanism,
    ...injection.describe?.(),
    ...(injection.toxics === undefined ? {} : { toxics: injection.toxics }),
    ...(injection.lastsMs === undefined ? {} : { lastsMs: injection.lastsMs }),
    ...(injection.remainsOn === undefined ? {} : { remainsOn: injection.remainsOn }),
    [Symbol.asyncDispose]: heal,
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
  // Waits for all of them: no `apply` may still run while the others are healed.
  throwFailures(await Promise.allSettled(injection.targets.map(apply)))
}

async function healAll(targets: readonly string[], heal: Injection['heal']): Promise<void> {
  const signal = AbortSignal.timeout(healLimitMs)
  throwFailures(
    await Promise.allSettled(targets.map((target) => within(signal, heal(target, signal), target))),
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
    reject(new Error(`Healing the fault on ${target} took longer than ${healLimitMs / 1_000} s.`))
  signal.addEventListener('abort', late, { once: true })
  try {
    await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', late)
  }
}

/** Runs until it succeeds once: after a failure the next call tries again. */
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
