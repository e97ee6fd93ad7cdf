import { bandwidth } from './bandwidth.ts'
import { corrupt } from './corrupt.ts'
import { duplicate } from './duplicate.ts'
import { httpCut } from './http-cut.ts'
import { httpDelay } from './http-delay.ts'
import { httpError } from './http-error.ts'
import { httpReplace } from './http-replace.ts'
import { idleTimeout } from './idle-timeout.ts'
import { latency } from './latency.ts'
import type { AnyToxicKind } from './lib/toxic-kind.ts'
import { limitData } from './limit-data.ts'
import { mute } from './mute.ts'
import { noop } from './noop.ts'
import { packetLoss } from './packet-loss.ts'
import { reorder } from './reorder.ts'
import { replySwap } from './reply-swap.ts'
import { resetPeer } from './reset-peer.ts'
import { slicer } from './slicer.ts'
import { slowClose } from './slow-close.ts'
import { timeout } from './timeout.ts'

/** Every kind of toxic. */
export const toxicKinds: readonly AnyToxicKind[] = [
  latency,
  bandwidth,
  slowClose,
  timeout,
  resetPeer,
  slicer,
  limitData,
  packetLoss,
  corrupt,
  httpError,
  httpDelay,
  httpCut,
  httpReplace,
  replySwap,
  duplicate,
  reorder,
  mute,
  idleTimeout,
  noop,
]
