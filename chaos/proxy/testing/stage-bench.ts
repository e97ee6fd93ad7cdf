import { createRandom } from '#chaos/lib/random.ts'

import {
  type AnyToxicKind,
  type Attributes,
  mergeAttributes,
  type Stage,
  type StageContext,
} from '../toxics/lib/toxic-kind.ts'
import { createManualTimers, type ManualTimers } from './manual-timers.ts'

/** What came out of a stage, and when. */
export type Output =
  | { readonly atMs: number; readonly bytes: Buffer }
  | { readonly atMs: number; readonly what: 'end' | 'close' | 'reset' }

export interface StageBench {
  readonly timers: ManualTimers
  readonly outputs: readonly Output[]
  readonly dropped: number
  readonly touched: boolean
  /** Everything that was passed on, in one piece. */
  bytes(): Buffer
  chunk(chunk: Buffer | string): void
  end(): void
  update(attributes: Attributes): void
  detach(): 'stay' | void
}

/** One stage of a toxic on a bench: no sockets, time by hand. */
export function createStageBench(kind: AnyToxicKind, given: Attributes = {}, seed = 1): StageBench {
  const timers = createManualTimers()
  const outputs: Output[] = []
  let attributes = mergeAttributes(kind, given)
  let dropped = 0
  let touched = false
  const say = (what: 'end' | 'close' | 'reset') => () =>
    void outputs.push({ atMs: timers.now(), what })
  const context: StageContext<Attributes> = {
    get attributes() {
      return attributes
    },
    random: createRandom(seed),
    timers,
    pass: (bytes: Buffer) => void outputs.push({ atMs: timers.now(), bytes: Buffer.from(bytes) }),
    passEnd: say('end'),
    close: say('close'),
    reset: say('reset'),
    drop: (bytes: number) => void (dropped += bytes),
    touch: () => void (touched = true),
  }
  const stage: Stage = kind.stage?.(context) ?? {}
  return {
    timers,
    outputs,
    get dropped() {
      return dropped
    },
    get touched() {
      return touched
    },
    bytes: () =>
      Buffer.concat(outputs.flatMap((output) => ('bytes' in output ? [output.bytes] : []))),
    chunk: (chunk) => {
      const bytes = Buffer.from(chunk as string)
      if (stage.chunk === undefined) context.pass(bytes)
      else stage.chunk(bytes)
    },
    end: () => (stage.end === undefined ? context.passEnd() : stage.end()),
    update: (next) => {
      attributes = mergeAttributes(kind, next, attributes)
      stage.update?.()
    },
    detach: () => stage.detach?.(),
  }
}
