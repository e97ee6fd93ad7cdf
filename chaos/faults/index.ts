import type { TProperties } from 'typebox'

import type { Fault } from '#chaos/contracts/fault.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import { bandwidth } from './bandwidth.ts'
import { clockSkew } from './clock-skew.ts'
import { corrupt } from './corrupt.ts'
import { cpuLimit } from './cpu-limit.ts'
import { crash } from './crash.ts'
import { deploy } from './deploy.ts'
import { diskFull } from './disk-full.ts'
import { duplicate } from './duplicate.ts'
import { httpCut } from './http-cut.ts'
import { httpDelay } from './http-delay.ts'
import { httpError } from './http-error.ts'
import { httpReplace } from './http-replace.ts'
import { idleTimeout } from './idle-timeout.ts'
import { latency } from './latency.ts'
import { limitData } from './limit-data.ts'
import { memoryLimit } from './memory-limit.ts'
import { mute } from './mute.ts'
import { packetLoss } from './packet-loss.ts'
import { partition } from './partition.ts'
import { pause } from './pause.ts'
import { postgresFailover } from './postgres-failover.ts'
import { postgresKillConnections } from './postgres-kill-connections.ts'
import { postgresLockQueue } from './postgres-lock-queue.ts'
import { postgresLock } from './postgres-lock.ts'
import { postgresReadOnly } from './postgres-read-only.ts'
import { postgresSlots } from './postgres-slots.ts'
import { redisEvict } from './redis-evict.ts'
import { redisFailover } from './redis-failover.ts'
import { redisFlush } from './redis-flush.ts'
import { redisReadOnly } from './redis-read-only.ts'
import { refuse } from './refuse.ts'
import { reorder } from './reorder.ts'
import { replicaLag } from './replica-lag.ts'
import { replySwap } from './reply-swap.ts'
import { reset } from './reset.ts'
import { restart } from './restart.ts'
import { slicer } from './slicer.ts'
import { slowClose } from './slow-close.ts'
import { stop } from './stop.ts'
import { timeout } from './timeout.ts'

/** Any fault. Its parameters are validated against its schema before `inject` receives them. */
export type AnyFault = Fault<string, TProperties>

/** Every fault, in the order of the documentation. */
export const faults = listed({
  latency,
  bandwidth,
  timeout,
  reset,
  refuse,
  partition,
  'packet-loss': packetLoss,
  'slow-close': slowClose,
  slicer,
  'limit-data': limitData,
  corrupt,
  'http-error': httpError,
  'http-delay': httpDelay,
  'http-cut': httpCut,
  'http-replace': httpReplace,
  'reply-swap': replySwap,
  duplicate,
  reorder,
  mute,
  'idle-timeout': idleTimeout,
  crash,
  stop,
  pause,
  restart,
  deploy,
  'clock-skew': clockSkew,
  'cpu-limit': cpuLimit,
  'memory-limit': memoryLimit,
  'redis-flush': redisFlush,
  'redis-evict': redisEvict,
  'redis-read-only': redisReadOnly,
  'redis-failover': redisFailover,
  'postgres-lock': postgresLock,
  'postgres-lock-queue': postgresLockQueue,
  'postgres-slots': postgresSlots,
  'postgres-kill-connections': postgresKillConnections,
  'postgres-read-only': postgresReadOnly,
  'replica-lag': replicaLag,
  'postgres-failover': postgresFailover,
  'disk-full': diskFull,
})

export type FaultKind = keyof typeof faults

/** The fault of this kind. Throws an InputError that suggests the nearest kind. */
export function faultNamed(kind: string): AnyFault {
  const fault = Object.hasOwn(faults, kind) ? faults[kind as FaultKind] : undefined
  if (fault === undefined) throw unknownName('fault', kind, Object.keys(faults))
  return fault
}

/** Compiles only if every key is the kind of its fault. */
function listed<const List extends { readonly [Kind in keyof List]: { readonly kind: Kind } }>(
  list: List,
): List {
  return list
}
