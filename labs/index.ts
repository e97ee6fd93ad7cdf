import type { Lab } from '#chaos/contracts/lab.ts'

import { contractDrift } from './backend-reality/contract-drift/lab.ts'
import { halfOpen } from './backend-reality/half-open/lab.ts'
import { replyLost } from './backend-reality/reply-lost/lab.ts'
import { retryStorm } from './backend-reality/retry-storm/lab.ts'
import { slowDependency } from './backend-reality/slow-dependency/lab.ts'
import { stalledWorker } from './backend-reality/stalled-worker/lab.ts'
import { trustNoStatus } from './backend-reality/trust-no-status/lab.ts'
import { doubleSubmit } from './data-correctness/double-submit/lab.ts'
import { dualWrite } from './data-correctness/dual-write/lab.ts'
import { duplicateDelivery } from './data-correctness/duplicate-delivery/lab.ts'
import { failover } from './data-correctness/failover/lab.ts'
import { oversell } from './data-correctness/oversell/lab.ts'
import { queueAmnesia } from './data-correctness/queue-amnesia/lab.ts'
import { readYourWrites } from './data-correctness/read-your-writes/lab.ts'
import { webhooks } from './data-correctness/webhooks/lab.ts'
import { zombieLock } from './data-correctness/zombie-lock/lab.ts'
import { labZero } from './first-steps/lab-zero/lab.ts'
import { gracefulShutdown } from './production-reality/graceful-shutdown/lab.ts'
import { healthCheckCascade } from './production-reality/health-check-cascade/lab.ts'
import { lockQueue } from './production-reality/lock-queue/lab.ts'
import { overload } from './production-reality/overload/lab.ts'
import { poisonMessage } from './production-reality/poison-message/lab.ts'

/** Every lab, in teaching order. */
export const labs: readonly Lab[] = [
  labZero,
  slowDependency,
  retryStorm,
  halfOpen,
  replyLost,
  trustNoStatus,
  stalledWorker,
  contractDrift,
  dualWrite,
  duplicateDelivery,
  doubleSubmit,
  oversell,
  zombieLock,
  queueAmnesia,
  webhooks,
  readYourWrites,
  failover,
  poisonMessage,
  healthCheckCascade,
  overload,
  gracefulShutdown,
  lockQueue,
]
