import type {
  ExchangeEvent,
  LinkControl,
  LinkEvent,
  LinkStatus,
  NewToxic,
  ToxicStatus,
  TrapEvent,
  TrapRequest,
} from '#chaos/contracts/links.ts'
import { unknownName } from '#chaos/lib/errors.ts'
import { toxicInput } from '#chaos/proxy/http/inputs.ts'
import { toxicKinds } from '#chaos/proxy/toxics/index.ts'
import { attributeSchemas, toxicLabel } from '#chaos/proxy/toxics/lib/toxic-kind.ts'
import { system } from '#chaos/system.ts'

const { links } = system.topology

type AnyLinkEvent = LinkEvent | TrapEvent | ExchangeEvent

/**
 * A data plane in memory for tests of faults and of the engine. It accepts the toxics, attributes and values that the real
 * data plane has.
 */
export interface FakeLinks extends LinkControl {
  readonly toxics: Map<string, NewToxic[]>
  readonly down: Set<string>
  /** Links of profiles that are open. */
  readonly opened: Set<string>
  /** The upstreams of links that lead elsewhere. */
  readonly upstreams: Map<string, string>
  readonly resets: string[]
  readonly traps: Map<string, TrapRequest>
  /** `trap-1 cut` and so on, in the order in which they came. */
  readonly released: string[]
  /** What a recording of the messages contains. */
  readonly recorded: ExchangeEvent[]
  /** The bytes in a recording. */
  readonly traffic: Uint8Array[]
  /** Calls for one of these links throw. */
  readonly broken: Set<string>
  emit(event: AnyLinkEvent): void
  /** The data plane starts again without any toxic or trap, and its readers reconnect. */
  restart(): void
}

export function createFakeLinks(): FakeLinks {
  const listeners = new Set<(event: AnyLinkEvent) => void>()
  const reconnects = new Set<() => void>()
  const state = {
    toxics: new Map<string, NewToxic[]>(),
    down: new Set<string>(),
    opened: new Set<string>(),
    upstreams: new Map<string, string>(),
    resets: [] as string[],
    traps: new Map<string, TrapRequest>(),
    released: [] as string[],
    broken: new Set<string>(),
    recorded: [] as ExchangeEvent[],
    traffic: [] as Uint8Array[],
  }
  const reach = (link: string): void => {
    if (!links.some(({ name }) => name === link)) throw new Error(`no link ${link}`)
    if (state.broken.has(link)) throw new Error(`the data plane does not respond for ${link}`)
  }
  const removeToxic = (link: string, toxic: string): void => {
    reach(link)
    const rest = (state.toxics.get(link) ?? []).filter(({ name }) => name !== toxic)
    if (rest.length === 0) state.toxics.delete(link)
    else state.toxics.set(link, rest)
  }
  return {
    ...state,
    emit: (event) => listeners.forEach((listener) => listener(event)),
    restart: () => {
      for (const part of [state.toxics, state.down, state.traps, state.opened]) part.clear()
      for (const onReconnect of reconnects) onReconnect()
    },
    list: async () => links.map(({ name }) => statusOf(name, state)),
    open: async ({ name }) => void state.opened.add(name),
    lead: async (link, upstream) => {
      reach(link)
      state.upstreams.set(link, upstream)
    },
    remove: async (link) => {
      if (state.broken.has(link)) throw new Error(`the data plane does not respond for ${link}`)
      state.opened.delete(link)
    },
    addToxic: async (link, toxic) => {
      reach(link)
      validateToxic(toxic)
      const others = state.toxics.get(link) ?? []
      if (others.some(({ name }) => name === toxic.name))
        throw new Error(`toxic ${toxic.name} exists`)
      state.toxics.set(link, [...others, toxic])
    },
    removeToxic: async (link, toxic) => removeToxic(link, toxic),
    takeDown: async (link) => {
      reach(link)
      state.down.add(link)
    },
    bringUp: async (link) => {
      reach(link)
      state.down.delete(link)
    },
    resetConnections: async (link) => {
      reach(link)
      state.resets.push(link)
      return 1
    },
    heal: async () => healAll(state),
    armTrap: async (trap) => {
      state.traps.set(trap.id, trap)
    },
    listTraps: async () =>
      [...state.traps.values()].map((request) => ({
        order: request,
        state: 'armed' as const,
        seen: 0,
      })),
    disarmTrap: async (id) => {
      state.traps.delete(id)
    },
    releaseHeld: async (id, then) => {
      state.released.push(`${id} ${then}`)
    },
    events: (signal, onReconnect) => {
      if (onReconnect !== undefined) reconnects.add(onReconnect)
      return eventsOf(listeners, signal)
    },
    tap: async () => ({ [Symbol.asyncDispose]: async () => {} }),
    record: async () => ({
      began: { nowMs: 0 },
      traffic: async () => ({ blocks: state.traffic, missed: 0 }),
      read: async () => ({
        lines: state.recorded.map((event) => `${JSON.stringify(event)}\n`).join(''),
        state: { messages: state.recorded.length, missed: 0 },
      }),
      [Symbol.asyncDispose]: async () => {},
    }),
  }
}

type State = Pick<FakeLinks, 'toxics' | 'down' | 'broken' | 'traps' | 'upstreams'>

function statusOf(name: string, state: State): LinkStatus {
  return {
    name,
    listen: '127.0.0.1:0',
    upstream: state.upstreams.get(name) ?? '127.0.0.1:0',
    enabled: !state.down.has(name),
    toxics: (state.toxics.get(name) ?? []).map(statusOfToxic),
    connections: 0,
    bytesUpstream: 0,
    bytesDownstream: 0,
  }
}

/** Also refuses an attribute that the toxic does not have: the real data plane ignores it, as Toxiproxy does. */
function validateToxic(toxic: NewToxic): void {
  const { kind } = toxicInput(toxic)
  const known = attributeSchemas(kind).map(([name]) => name)
  const unknown = Object.keys(toxic.attributes).find((name) => !known.includes(name))
  if (unknown !== undefined) throw unknownName(`attribute of ${kind.type}`, unknown, known)
}

function statusOfToxic(toxic: NewToxic): ToxicStatus {
  const kind = toxicKinds.find(({ type }) => type === toxic.type)
  if (kind === undefined) throw new Error(`no toxic ${toxic.type}`)
  const { attributes } = toxicInput(toxic)
  const { look } = kind
  return { stream: 'downstream', toxicity: 1, ...toxic, look, label: toxicLabel(kind, attributes) }
}

async function healAll(state: State): Promise<{ link: string; error: string }[]> {
  state.traps.clear()
  const failed: { link: string; error: string }[] = []
  for (const { name } of links) {
    if (state.broken.has(name)) failed.push({ link: name, error: 'it does not respond' })
    else {
      state.toxics.delete(name)
      state.down.delete(name)
    }
  }
  return failed
}

async function* eventsOf(
  listeners: Set<(event: AnyLinkEvent) => void>,
  signal: AbortSignal,
): AsyncGenerator<AnyLinkEvent> {
  const queue: AnyLinkEvent[] = []
  let wake = Promise.withResolvers<void>()
  const listener = (event: AnyLinkEvent): void => {
    queue.push(event)
    wake.resolve()
  }
  listeners.add(listener)
  signal.addEventListener('abort', () => wake.resolve(), { once: true })
  try {
    while (!signal.aborted) {
      yield* queue.splice(0)
      wake = Promise.withResolvers<void>()
      if (queue.length === 0 && !signal.aborted) await wake.promise
    }
  } finally {
    listeners.delete(listener)
  }
}
