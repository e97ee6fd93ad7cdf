import { truthOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'

/**
 * The work of one run, compared with what earlier runs left over: `settled`, none is in flight; `forgotten`, some is open, and
 * no process continues it; `moving`, a process continues some, or the counters cannot be read.
 */
export async function workAfter(
  leftover: TruthCounters,
  { system, truth }: Pick<Sandbox, 'system' | 'truth'>,
  signal: AbortSignal,
): Promise<'settled' | 'forgotten' | 'moving'> {
  const now = await truth.counters(signal).catch(() => undefined)
  if (now === undefined) return 'moving'
  const grown = truthOf(system)
    .inFlight.map(({ counter }) => counter)
    .filter((name) => (now[name] ?? 0) > (leftover[name] ?? 0))
  const open = system.xray?.openWork?.counters ?? []
  if (grown.some((name) => !open.includes(name))) return 'moving'
  return grown.length > 0 ? 'forgotten' : 'settled'
}

/** The time after which forgotten work has no end, in milliseconds. */
export function foundWithinMs({ xray }: System): number {
  return xray?.openWork?.foundWithinMs ?? 0
}
