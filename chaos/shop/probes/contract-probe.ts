import type { Breach } from '#chaos/contracts/probe-report.ts'

/** The end of a call of the seam. `never`: it had not ended when the limit was over. */
export type CallEnd<T> =
  | { readonly how: 'returned'; readonly value: T; readonly afterMs: number }
  | { readonly how: 'threw'; readonly error: unknown; readonly afterMs: number }
  | { readonly how: 'never' }

/** What a contract probe works with. Time is virtual: see {@link ProbeTime}. */
export interface ProbeTools<Seam> {
  /** The function of the learner's file, from a new instance of the module: as in another process. */
  readonly load: () => Promise<Seam>
  /** Milliseconds of the probe's time. */
  readonly now: () => number
  /** A timer: for what the probe gives to the seam. Only {@link call} and {@link pass} let the time pass. */
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly pass: (milliseconds: number) => Promise<void>
  /** The process does nothing for this long, as when its machine is frozen. Its timers run late. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Calls and waits until the call ends, or until the limit is over. */
  readonly call: <T>(work: () => T | Promise<T>, limitMs: number) => Promise<CallEnd<T>>
  /** The first error since the probe began that would have ended the process. */
  readonly crash: () => unknown
}

/** One promise of a README, tested directly on the seam, without the sandbox. */
export interface ContractProbe<Seam> {
  /** What is tested, in a few words. */
  readonly name: string
  /** The sentence of the lab's README that is tested, word for word. A test compares it with the README. */
  readonly promise: string
  /** Resolves to undefined when the promise holds. Throws {@link Undecided} when it cannot tell. */
  run(tools: ProbeTools<Seam>): Promise<Breach | undefined>
}

/**
 * How time passes for the learner's code. `jumping`: the clock jumps to the next timer as soon as
 * nothing else can run. `sockets`: the same, for code with sockets to a server in the same process.
 * `real`: for code whose use of the processor is measured.
 */
export type ProbeTime = 'jumping' | 'sockets' | 'real'

/** All contract probes of a seam. */
export interface SeamContract<Seam> {
  /** The lab whose README makes the promises. */
  readonly lab: string
  readonly time: ProbeTime
  readonly probes: readonly ContractProbe<Seam>[]
}

/** The probe cannot tell whether the promise holds: the design of the code is unknown to it. */
export class Undecided extends Error {
  override readonly name = 'Undecided'
}

/** The first breach of these cases. */
export async function firstOf<T>(
  cases: readonly T[],
  run: (one: T) => Promise<Breach | undefined>,
): Promise<Breach | undefined> {
  for (const one of cases) {
    const breach = await run(one)
    if (breach !== undefined) return breach
  }
  return undefined
}

/** An error or value in a few words, for `actual`. */
export function inWords(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, 200)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return (text ?? String(value)).slice(0, 200)
}

/** How a call ended, in a few words. */
export function endInWords(end: CallEnd<unknown>): string {
  if (end.how === 'never') return 'it did not end'
  return end.how === 'returned'
    ? `it returned ${inWords(end.value)}`
    : `it threw ${inWords(end.error)}`
}
