import type { DirectAddresses, Environment, InstanceEvent } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { Progress } from './progress.ts'

export interface LocalRuntimeOptions {
  /** Where package.json, services/ and chaos/ are. */
  readonly projectRoot: string
  /** Of several sandboxes side by side, from 0; absent: the first that is free. */
  readonly slot?: number
  /** Where the controller writes `<slot>.json`; the keeper removes that file when the controller has died. */
  readonly sandboxFilesFolder?: string
  /** Told what takes long the first time. */
  readonly progress?: Progress
  readonly clock?: Clock
  /** Aborting while it starts takes down what there is, and rejects. */
  readonly signal?: AbortSignal
  /** As `runtime.onInstance`, from the first moment on. */
  readonly onInstance?: (event: InstanceEvent) => void
  /** Environment by instance, store or `links`, beyond their own defaults. */
  readonly environments?: Readonly<Record<string, Environment>>
  /** Redis keeps its data when it dies. True when absent. */
  readonly redisDurable?: boolean
  /** Makes an empty database the shop's. Absent: `node services/database/main.ts` does. */
  readonly prepareDatabase?: (addresses: DirectAddresses) => Promise<void>
}
