import type {
  Clocks,
  Environment,
  InstanceEvent,
  InstanceState,
  InstanceStatus,
  PacketFilter,
  ResourceLimits,
  Runtime,
  RuntimeProfiles,
  SendLater,
} from '#chaos/contracts/runtime.ts'
import { system } from '#chaos/system.ts'

const { instances, stores } = system.topology

/** A runtime with processes in memory, for tests. */
export interface FakeRuntime extends Runtime {
  readonly states: Map<string, InstanceState>
  readonly environments: Map<string, Environment>
  /** `kill api-1`, `start api-1` and so on, in the order in which they came. */
  readonly calls: string[]
  /** Calls such as `start api-1` that throw. */
  readonly broken: Set<string>
  /** Active packet rules and limits, when the runtime has a packet filter or limits. */
  readonly rules: Set<string>
  emit(event: InstanceEvent): void
}

export interface FakeRuntimeOptions {
  readonly packetFilter?: 'works' | 'refuses'
  readonly resourceLimits?: boolean
  readonly profiles?: boolean
  readonly addresses?: Partial<Runtime['addresses']>
  readonly sendLater?: SendLater
}

export function createFakeRuntime(options: FakeRuntimeOptions = {}): FakeRuntime {
  const names = [...instances, ...stores].map(({ name }) => name)
  const states = new Map<string, InstanceState>(names.map((name) => [name, 'ready']))
  const environments = new Map<string, Environment>()
  const calls: string[] = []
  const broken = new Set<string>()
  const rules = new Set<string>()
  const listeners = new Set<(event: InstanceEvent) => void>()
  const call = (what: string, name: string, state: InstanceState): void => {
    calls.push(`${what} ${name}`)
    if (broken.has(`${what} ${name}`)) throw new Error(`${what} ${name} failed`)
    states.set(name, state)
  }
  return {
    kind: 'local',
    states,
    environments,
    calls,
    broken,
    rules,
    addresses: { ...addresses, ...options.addresses },
    ...(options.packetFilter === undefined
      ? {}
      : { packetFilter: fakeFilter(rules, options.packetFilter) }),
    ...(options.resourceLimits === true ? { resourceLimits: fakeLimits(rules) } : {}),
    ...(options.profiles === true ? { profiles: fakeProfiles(calls) } : {}),
    ...(options.sendLater === undefined ? {} : { sendLater: options.sendLater }),
    emit: (event) => listeners.forEach((listener) => listener(event)),
    start: async (name, request) => {
      call('start', name, 'ready')
      if (request.environment !== undefined) environments.set(name, request.environment)
    },
    stop: async (name) => call('stop', name, 'absent'),
    kill: async (name) => call('kill', name, 'exited'),
    pause: async (name) => call('pause', name, 'paused'),
    resume: async (name) => {
      call('resume', name, states.get(name) === 'paused' ? 'ready' : (states.get(name) ?? 'absent'))
    },
    status: async () => names.map((name) => statusOf(name, states.get(name) ?? 'absent')),
    onInstance: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async *logs() {},
    clocks: fakeClocks(rules),
    cleanUp: async () => [],
    [Symbol.asyncDispose]: async () => {},
  }
}

const addresses: Runtime['addresses'] = {
  http: (instance) => `http://${instance}.invalid`,
  clientUrl: (instance) => `http://client-${instance}.invalid`,
  databaseUrl: 'postgres://postgres.invalid/shop',
  serviceDatabaseUrl: 'postgres://postgres.invalid/shop',
  redisUrl: 'redis://redis.invalid',
  storeUrl: (store) => `redis://${store}.invalid`,
  proxyUrl: 'http://links.invalid',
}

function statusOf(name: string, state: InstanceState): InstanceStatus {
  const kind = stores.some((store) => store.name === name) ? 'store' : 'service'
  return { name, kind, state, restarts: 0 }
}

function fakeProfiles(calls: string[]): RuntimeProfiles {
  const on = new Set<string>()
  return {
    get on() {
      return [...on]
    },
    start: async (name) => {
      calls.push(`profile ${name} on`)
      on.add(name)
    },
    stop: async (name) => {
      calls.push(`profile ${name} off`)
      on.delete(name)
    },
    routeOf: () => ({ listen: '127.0.0.1:0', upstream: '127.0.0.1:0' }),
    copyStore: async (store, from) => void calls.push(`copy ${store} from ${from}`),
    addressOf: (name) => `${name}:0`,
    setPrimary: (store, primary) => void calls.push(`primary of ${store}: ${primary}`),
  }
}

function fakeFilter(rules: Set<string>, how: 'works' | 'refuses'): PacketFilter {
  const rule = async (text: string): Promise<AsyncDisposable> => {
    if (how === 'refuses') throw new Error('iptables: permission denied')
    rules.add(text)
    return {
      [Symbol.asyncDispose]: async () => {
        rules.delete(text)
      },
    }
  }
  return {
    partition: ({ from, to, direction }) => rule(`partition ${from} ${to} ${direction}`),
    packetLoss: ({ from, to, probability }) => rule(`loss ${from} ${to} ${probability}`),
  }
}

function fakeClocks(rules: Set<string>): Clocks {
  return {
    skew: async (name, { offsetMs, drift, signal }) => {
      const rule = `clock ${name} ${offsetMs} ${drift}`
      rules.add(rule)
      await Promise.resolve()
      if (signal.aborted) rules.delete(rule)
      signal.throwIfAborted()
      return { [Symbol.asyncDispose]: async () => void rules.delete(rule) }
    },
  }
}

function fakeLimits(rules: Set<string>): ResourceLimits {
  const limit = async (text: string): Promise<AsyncDisposable> => {
    rules.add(text)
    return {
      [Symbol.asyncDispose]: async () => {
        rules.delete(text)
      },
    }
  }
  return {
    supported: new Set(['cpu-limit', 'memory-limit', 'disk-full']),
    limitCpu: (name, { cores }) => limit(`cpu ${name} ${cores}`),
    limitMemory: (name, { bytes }) => limit(`memory ${name} ${bytes}`),
    fillDisk: (name, { leaveBytes }) => limit(`disk ${name} ${leaveBytes}`),
  }
}
