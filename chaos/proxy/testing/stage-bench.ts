import { createRandom } from '#chaos/lib/random.ts'

import {
  mergeAttributes,
  type AnyToxicKind,
  type Attributes,
  type Stage,
  type StageContext,
} from '../toxics/lib/toxic-kind.ts'
import { createManualTimers, type ManualTimers } from './manual-timers.ts'

/** One output of a stage, with its time. */
export type StageOutput =
  | { readonly atMs: number; readonly bytes: Buffer }
  | { readonly atMs: number; readonly what: 'end' | 'close' | 'reset' }

export interface StageBench {
  readonly timers: ManualTimers
  readonly outputs: readonly StageOutput[]
  readonly dropped: number
  readonly touched: boolean
  /** All bytes that the stage passed on. */
  bytes(): Buffer
  chunk(chunk: Buffer | string): void
  end(): void
  update(attributes: Attributes): void
  detach(): 'stay' | void
}

/** Runs one stage of a toxic without sockets; the test moves the clock. */
export function createStageBench(kind: AnyToxicKind, given: Attributes = {}, seed = 1): StageBench {
  const timers = createManualTimers()
  const outputs: StageOutput[] = []
  let attributes = mergeAttributes(kind, given)
  let dropped = 0
  let touched = false
  const output = (what: 'end' | 'close' | 'reset') => () =>
    void outputs.push({ atMs: timers.now(), what })
  const context: StageContext<Attributes> = {
    get attributes() {
      return attributes
    },
    random: createRandom(seed),
    timers,
    pass: (bytes: Buffer) => void outputs.push({ atMs: timers.now(), bytes: Buffer.from(bytes) }),
    passEnd: output('end'),
    close: output('close'),
    reset: output('reset'),
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
    bytes: () => Buffer.concat(outputs.flatMap((one) => ('bytes' in one ? [one.bytes] : []))),
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
