import type { Clock } from '#chaos/lib/clock.ts'
import { abortWith } from '#chaos/lib/signals/abort-with.ts'

/** Whether an instance is ready. Asks the instance directly and not through a link, like a load balancer in its network. */
export type BalancerProbe = (instance: string, signal: AbortSignal) => Promise<boolean>

export interface Balancer extends AsyncDisposable {
  /** The next ready instance, round-robin. Returns one of `avoid` only if there is no other. */
  pick(avoid: ReadonlySet<string>): string
  readonly ready: ReadonlySet<string>
}

export interface BalancerOptions {
  readonly instances: readonly string[]
  readonly probe: BalancerProbe
  readonly clock: Clock
  readonly signal: AbortSignal
  /** False: round-robin over all instances, ready or not. */
  readonly onlyReady: boolean
  readonly probeIntervalMs: number
  readonly probeTimeoutMs: number
}

/**
 * A round-robin balancer over the ready instances. If no instance is ready, it uses all of them: a request that may fail is
 * better than no request. Disposing ends the probes.
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
      if (instance === undefined) throw new RangeError('The balancer has no instance.')
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
  using attempt = abortWith(signal)
  const timer = clock.sleep(probeTimeoutMs, done.signal).then(
    () => attempt.abort(),
    () => {},
  )
  try {
    const timedOut = new Promise<boolean>((resolve) => {
      attempt.signal.addEventListener('abort', () => resolve(false), { once: true })
    })
    return await Promise.race([probe(instance, attempt.signal).catch(() => false), timedOut])
  } finally {
    done.abort()
    await timer
  }
}
