import type { Redis } from 'ioredis'

import { Undecided } from '../contract-probe.ts'
import type { ProbeTools } from '../contract-probe.ts'

export interface FakeRedis {
  readonly redis: Redis
  /** Forgets everything, as after FLUSHALL or a failover. */
  flush(): void
  undecided(): Undecided | undefined
}

interface Entry {
  value: string
  expiresAtMs: number
}

type Argument = string | number

/** How long a key lives, from `PX 300` or `EX 1`. */
function lifetimeMs(options: readonly string[]): number {
  const after = (unit: string): number => Number(options[options.indexOf(unit) + 1])
  if (options.includes('PX')) return after('PX')
  return options.includes('EX') ? 1_000 * after('EX') : Number.POSITIVE_INFINITY
}

/** The few commands that a lock needs. Any other command makes the probe undecided. */
export function createFakeRedis({
  sleep,
  now,
}: Pick<ProbeTools<unknown>, 'sleep' | 'now'>): FakeRedis {
  const entries = new Map<string, Entry>()
  let unknown: Undecided | undefined

  const find = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    return entry !== undefined && entry.expiresAtMs > now() ? entry : undefined
  }
  const set = (key: string, value: string, ...rest: Argument[]): 'OK' | null => {
    const options = rest.map((option) => String(option).toUpperCase())
    if (options.includes('NX') && find(key) !== undefined) return null
    entries.set(key, { value, expiresAtMs: now() + lifetimeMs(options) })
    return 'OK'
  }
  /** Two scripts are known: delete and prolong, both only for the owner. */
  const evaluate = (
    script: string,
    _keys: Argument,
    key: string,
    owner: string,
    ms = 0,
  ): number => {
    const entry = find(key)
    const isOwner = entry?.value === owner
    if (/['"]DEL['"]/i.test(script)) {
      if (isOwner) entries.delete(key)
    } else if (/['"]PEXPIRE['"]/i.test(script)) {
      if (isOwner) entry.expiresAtMs = now() + ms
    } else throw refuse('an unknown script')
    return isOwner ? 1 : 0
  }
  const refuse = (what: string): Undecided => (unknown ??= new Undecided(`Redis: ${what}`))
  const commands: Readonly<Record<string, (...given: never[]) => unknown>> = {
    set,
    eval: evaluate,
    get: (key: string) => find(key)?.value ?? null,
    exists: (key: string) => (find(key) === undefined ? 0 : 1),
    del: (key: string) => (entries.delete(key) ? 1 : 0),
    pexpire: (key: string, ms: number) => {
      const entry = find(key)
      if (entry !== undefined) entry.expiresAtMs = now() + ms
      return entry === undefined ? 0 : 1
    },
    ping: () => 'PONG',
    incr: (key: string) => {
      const value = Number(find(key)?.value ?? 0) + 1
      entries.set(key, { value: String(value), expiresAtMs: Number.POSITIVE_INFINITY })
      return value
    },
  }
  const redis = new Proxy(
    { status: 'ready' },
    {
      get: (target, name) => {
        if (typeof name === 'symbol' || name === 'then') return undefined
        if (name === 'status') return target.status
        return async (...given: never[]) => {
          await sleep(1)
          const command = commands[name]
          if (command === undefined) throw refuse(`the command ${name}`)
          return command(...given)
        }
      },
    },
  ) as unknown as Redis
  return { redis, flush: () => entries.clear(), undecided: () => unknown }
}
