import type { Static, TObject, TProperties } from 'typebox'

import type { Random } from '#chaos/lib/random.ts'

import type { InspectedConnection, Inspector } from '../../plane/inspector.ts'
import type { Timers } from '../../time/timers.ts'

/**
 * A kind of toxic: one file in `toxics/`, one line in `toxics/index.ts`. Nothing outside of its file knows the type by
 * name; whatever a toxic needs of the link is an optional hook here.
 */
export interface ToxicKind<Attributes extends TProperties> {
  readonly type: string
  /** One line for people: what happens to the bytes. */
  readonly description: string
  /** Numbers, booleans and literal unions, each with a default and a description (units!). Help and validation come from it. */
  readonly attributes: TObject<Attributes>
  /** What one attribute's schema cannot say; returns what is wrong, or undefined. */
  check?(attributes: Static<TObject<Attributes>>): string | undefined
  /** Behaviour on one direction of one connection. Either this or `inspector`. */
  stage?(context: StageContext<Static<TObject<Attributes>>>): Stage
  /** For toxics that must read the protocol in both directions; `stream` has no meaning for them. */
  inspector?(
    connection: InspectedConnection,
    context: InspectorToxicContext<Static<TObject<Attributes>>>,
  ): Inspector
  /** Milliseconds that connecting to the upstream is put off; drawn once per connection. */
  connectDelayMs?(attributes: Static<TObject<Attributes>>, random: Random): number
}

/** What passes a stage: it owns what it is given, and passes on what it wants, in order. */
export interface Stage {
  /** Left out: chunks pass at once. */
  chunk?(chunk: Buffer): void
  /** The source will send nothing more (FIN). Left out: passes at once. */
  end?(): void
  /** The toxic's attributes have changed; the context already has the new ones. */
  update?(): void
  /**
   * The toxic is removed: pass on in order what is held. Bytes bypass the stage afterwards, unless it returns `stay`:
   * then it lives as long as the connection.
   */
  detach?(): 'stay' | void
  /** The connection is gone: cancel timers. */
  destroy?(): void
  /** True: too many chunks wait, however small they are, and the source is not read until some have left. */
  isFull?(): boolean
  /** More held bytes than this stop the reading of the source; default {@link stageLimitBytes}. */
  readonly limitBytes?: number
  /** True: when one socket dies, the other one does not get to know it. */
  readonly isolates?: boolean
}

/** Held bytes of a direction at which the source is no longer read, unless a stage asks for more. */
export const stageLimitBytes = 256 * 1024

export interface StageContext<Attributes> {
  /** Current ones: they change when the toxic is updated. */
  readonly attributes: Attributes
  /** This stage's own source: seed, link, toxic and the connection's number on the link decide what it gives. */
  readonly random: Random
  readonly timers: Timers
  /** To the next stage, or to the other socket. */
  pass(chunk: Buffer): void
  passEnd(): void
  /** Accounts for bytes that will never be passed on. */
  drop(bytes: number): void
  /** Both sides get FIN after what was already passed on. */
  close(): void
  /** Both sides get RST now. */
  reset(): void
  /** Says, once per connection, that this toxic changed something on it. */
  touch(): void
}

export interface InspectorToxicContext<Attributes> {
  readonly attributes: Attributes
  readonly random: Random
  readonly timers: Timers
  touch(): void
}

export type AnyToxicKind = ToxicKind<TProperties>

/** Gives a literal its type. */
export function defineToxic<Attributes extends TProperties>(
  kind: ToxicKind<Attributes>,
): ToxicKind<Attributes> {
  return kind
}
