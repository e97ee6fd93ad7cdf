import pLimit from 'p-limit'

import { createRandom } from '#chaos/lib/random.ts'
import type { Random } from '#chaos/lib/random.ts'

/** Something that reads input of users: a port or a file format. */
export interface FuzzTarget {
  readonly name: string
  /** Its part of the inputs, relative to the other targets. */
  readonly share: number
  /** Makes one input, gives it to the target, and judges what the target does. */
  tryOne(random: Random): Promise<Tried>
}

export interface Tried {
  /** What the target did, in a word, such as a status. */
  readonly outcome: string
  /** What is wrong with it; absent: nothing. */
  readonly problem?: string
  /** The input, shortened. */
  readonly input: string
}

export interface Finding {
  readonly target: string
  /** The number of the input: the same seed and number make the same input. */
  readonly number: number
  readonly problem: string
  readonly input: string
}

export interface FuzzResult {
  readonly seed: number
  readonly inputs: number
  readonly findings: readonly Finding[]
  /** How often each target had each outcome. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface FuzzOptions {
  readonly seed: number
  readonly inputs: number
  /** Inputs at the same time. */
  readonly atOnce: number
  readonly signal?: AbortSignal
  /** Called after each part, with the number of inputs so far. */
  onPart?(done: number): Promise<void>
}

const findingsMax = 200

const triesMsMax = 60_000

/** Rejects when the target does not end in time. */
async function within(tried: Promise<Tried>): Promise<Tried> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`not done after ${triesMsMax / 1_000} s`)),
      triesMsMax,
    )
  })
  return await Promise.race([tried, late]).finally(() => clearTimeout(timer))
}

/** Gives the targets malformed inputs. Input N of a target depends on the seed, the target and N only. */
export async function runFuzz(
  targets: readonly FuzzTarget[],
  options: FuzzOptions,
): Promise<FuzzResult> {
  const { seed, inputs, atOnce, signal } = options
  const shares = targets.reduce((sum, { share }) => sum + share, 0)
  const findings: Finding[] = []
  const outcomes: Record<string, Record<string, number>> = {}
  const limit = pLimit(atOnce)
  const random = createRandom(seed)
  const tryNumber = async (target: FuzzTarget, number: number): Promise<void> => {
    if (signal?.aborted === true) return
    const tried = await within(target.tryOne(random.fork(`${target.name} ${number}`))).catch(
      (error: unknown): Tried => ({
        outcome: 'thrown',
        problem: `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        input: '',
      }),
    )
    const counts = (outcomes[target.name] ??= {})
    counts[tried.outcome] = (counts[tried.outcome] ?? 0) + 1
    if (tried.problem !== undefined && findings.length < findingsMax)
      findings.push({ target: target.name, number, problem: tried.problem, input: tried.input })
  }
  const parts = 15
  let done = 0
  for (let part = 0; part < parts; part++) {
    if (signal?.aborted === true) break
    const work = targets.flatMap((target) => {
      const total = Math.round((inputs * target.share) / shares)
      const from = Math.floor((total * part) / parts)
      const to = Math.floor((total * (part + 1)) / parts)
      return Array.from({ length: to - from }, (_, i) => () => tryNumber(target, from + i))
    })
    await Promise.all(work.map(async (one) => limit(one)))
    done += work.length
    await options.onPart?.(done)
  }
  return { seed, inputs: done, findings, outcomes }
}
