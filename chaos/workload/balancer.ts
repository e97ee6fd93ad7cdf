import { abortWith } from '#chaos/lib/abort-with.ts'
import type { Clock } from '#chaos/lib/clock.ts'

/** Says whether an instance is ready; called directly, as a load balancer beside the instances would. */
export type BalancerProbe = (instance: string, signal: AbortSignal) => Promise<boolean>

export interface Balancer extends AsyncDisposable {
  /** The next instance in turn among those that are ready; those in `avoid` only if there is no other. */
  pick(avoid: ReadonlySet<string>): string
  readonly ready: ReadonlySet<string>
}

export interface BalancerOptions {
  readonly instances: readonly string[]
  readonly probe: BalancerProbe
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Off: takes turns among all instances, whatever their probes say. */
  readonly onlyReady: boolean
  readonly probeIntervalMs: number
  readonly probeTimeoutMs: number
}

/**
 * Takes turns among the ready instances, and among all of them when none is ready: a balancer that sends nothing anywhere
 * is worse than one that tries. Probing ends on disposal.
 */
export function createBalancer(options: BalancerOptions): Balancer {
  const { instances, clock } = options
  const ready = new Set(instances)
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, options.signal])
  const loops = options.onlyReady ? instances.map(async (instance) => await watch(instance)) : []
  let turn = 0

  async function watch(instance: string): Promise<void> {
    while (!signal.aborted) {
      if (await probeOnce(instance, options, signal)) ready.add(instance)
      else if (!signal.aborted) ready.delete(instance)
      await clock.sleep(options.probeIntervalMs, signal).catch(() => {})
    }
  }

  return {
    ready,
    pick(avoid) {
      const usable = ready.size > 0 ? instances.filter((name) => ready.has(name)) : instances
      const fresh = usable.filter((name) => !avoid.has(name))
      const candidates = fresh.length > 0 ? fresh : usable
      turn++
      const instance = candidates[turn % candidates.length]
      if (instance === undefined) throw new RangeError('a balancer needs an instance')
      return instance
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(loops)
    },
  }
}

async function probeOnce(
  instance: string,
  { probe, clock, probeTimeoutMs }: BalancerOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const done = new AbortController()
  using patience = abortWith(signal)
  const timer = clock.sleep(probeTimeoutMs, done.signal).then(
    () => patience.abort(),
    () => {},
  )
  try {
    const gone = new Promise<boolean>((resolve) => {
      patience.signal.addEventListener('abort', () => resolve(false), { once: true })
    })
    return await Promise.race([probe(instance, patience.signal).catch(() => false), gone])
  } finally {
    done.abort()
    await timer
  }
}
