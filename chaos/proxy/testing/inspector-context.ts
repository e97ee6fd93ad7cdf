import { createRandom } from '#chaos/lib/random.ts'

import type { Stream } from '../plane/inspector.ts'
import {
  type AnyToxicKind,
  type Attributes,
  type InspectorToxicContext,
  mergeAttributes,
} from '../toxics/lib/toxic-kind.ts'
import type { FakePlane } from '../traps/testing/fake-plane.ts'
import { createManualTimers } from './manual-timers.ts'

/** What a toxic with an inspector gets for one connection; it changes nothing and records nothing. */
export function createInspectorContext(): Omit<
  InspectorToxicContext<unknown>,
  'attributes' | 'shared'
> & { readonly shared: <State>(make: () => State) => State } {
  let state: unknown
  return {
    random: createRandom(1),
    timers: createManualTimers(),
    stream: 'upstream',
    touch: () => {},
    missed: () => {},
    count: () => 1,
    close: () => {},
    reset: () => {},
    forget: () => {},
    shared: <State>(make: () => State): State => {
      state ??= make()
      return state as State
    },
  }
}

type FakeConnection = ReturnType<FakePlane['connect']>

export interface ToxicBench {
  /** Opens a connection on which the toxic acts, from its first byte. */
  readonly connect: () => FakeConnection
  readonly advance: (ms: number) => void
  /** Removes the toxic from all connections. */
  readonly remove: () => void
  /** `touch 1`, `missed why`, `close 1` and so on, with the number of the connection from 1. */
  readonly log: readonly string[]
}

/** A toxic with an inspector on a link without sockets; the test moves the clock. */
export function createToxicBench(
  plane: FakePlane,
  kind: AnyToxicKind,
  given: Attributes = {},
  stream: Stream = 'upstream',
): ToxicBench {
  const [link = ''] = plane.links
  const timers = createManualTimers()
  const log: string[] = []
  const attributes = mergeAttributes(kind, given)
  const { shared, random } = createInspectorContext()
  const connections: FakeConnection[] = []
  return {
    log,
    advance: (ms) => timers.advance(ms),
    connect: () => {
      const connection = plane.connect(link)
      connections.push(connection)
      // An HTTP toxic sees a copy of the connection, so `this` would be the copy.
      connection.left = () => {
        connection.inspector = undefined
      }
      const number = connections.length
      const note = (what: string) => () => void log.push(`${what} ${number}`)
      connection.inspector = kind.inspector?.(connection, {
        attributes,
        random,
        timers,
        stream,
        shared,
        touch: note('touch'),
        count: () => 1,
        close: note('close'),
        reset: note('reset'),
        forget: note('forget'),
        missed: (why) => void log.push(`missed ${why}`),
      })
      return connection
    },
    remove: () => {
      for (const { inspector } of connections) inspector?.leave()
    },
  }
}
