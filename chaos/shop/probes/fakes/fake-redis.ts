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

/** The options of SET: NX, PX 300 and EX 1. Undefined: there is another one. */
function readOptions(
  options: readonly Argument[],
): { readonly mustBeNew: boolean; readonly lifetimeMs: number } | undefined {
  let mustBeNew = false
  let lifetimeMs = Number.POSITIVE_INFINITY
  const left = options.map((option) => String(option).toUpperCase())
  for (let option = left.shift(); option !== undefined; option = left.shift())
    if (option === 'NX') mustBeNew = true
    else if (option === 'PX') lifetimeMs = Number(left.shift())
    else if (option === 'EX') lifetimeMs = 1_000 * Number(left.shift())
    else return undefined
  return { mustBeNew, lifetimeMs }
}

/** The commands in a script, such as `GET DEL`. */
function commandsIn(script: string): string {
  const calls = script.matchAll(/\bredis\s*\.\s*p?call\s*\(\s*['"](\w+)['"]/gi)
  return [...calls].map(([, command = '']) => command.toUpperCase()).join(' ')
}

type EvalArguments = readonly [
  script: string,
  keys: Argument,
  key: string,
  owner: string,
  ms?: Argument,
]

interface Store {
  readonly now: () => number
  readonly find: (key: string) => Entry | undefined
  readonly entries: Map<string, Entry>
  readonly refuse: (what: string) => Undecided
}

/** Two scripts are known: delete and prolong, both only for the owner. */
function evaluate(
  [script, keys, key, owner, ms = 0]: EvalArguments,
  { now, find, entries, refuse }: Store,
): number {
  const entry = find(key)
  const isOwner = entry?.value === owner
  const commands = Number(keys) === 1 ? commandsIn(script) : ''
  if (commands === 'GET DEL') {
    if (isOwner) entries.delete(key)
  } else if (commands === 'GET PEXPIRE') {
    if (isOwner) entry.expiresAtMs = now() + Number(ms)
  } else throw refuse('an unknown script')
  return isOwner ? 1 : 0
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
  const set = (key: string, value: Argument, ...rest: Argument[]): 'OK' | null => {
    const options = readOptions(rest)
    if (options === undefined) throw refuse('an unknown option of SET')
    if (options.mustBeNew && find(key) !== undefined) return null
    entries.set(key, { value: String(value), expiresAtMs: now() + options.lifetimeMs })
    return 'OK'
  }
  const refuse = (what: string): Undecided => (unknown ??= new Undecided(`Redis: ${what}`))
  const commands: Readonly<Record<string, (...given: never[]) => unknown>> = {
    set,
    eval: (...given: EvalArguments) => evaluate(given, { now, find, entries, refuse }),
    get: (key: string) => find(key)?.value ?? null,
    exists: (key: string) => (find(key) === undefined ? 0 : 1),
    del: (key: string) => (entries.delete(key) ? 1 : 0),
    pexpire: (key: string, ms: Argument) => {
      const entry = find(key)
      if (entry !== undefined) entry.expiresAtMs = now() + Number(ms)
      return entry === undefined ? 0 : 1
    },
    ping: () => 'PONG',
    incr: (key: string) => {
      const { value, expiresAtMs = Number.POSITIVE_INFINITY } = find(key) ?? {}
      const next = Number(value ?? 0) + 1
      entries.set(key, { value: String(next), expiresAtMs })
      return next
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
