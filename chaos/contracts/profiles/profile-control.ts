import type { RequestedBy } from '../runtime.ts'

/** What asked for a profile: a user, the current run, or a fault by its id. The profile runs until each of them releases it. */
export type ProfileHolder = 'user' | 'scenario' | `fault ${string}`

export interface HoldRequest {
  readonly holder: ProfileHolder
  /** What starts and stops its stores, in events. Default: the scenario for `scenario`, else the user. */
  readonly by?: RequestedBy
  readonly signal?: AbortSignal
  /** Whether to restart the running instances whose variables change. Default: true. */
  readonly restarts?: boolean
}

/** Starts and stops profiles: parts of the system that run only when asked. */
export interface ProfileControl {
  /**
   * Starts the profile unless it is on: its stores, its links, then again the instances that receive variables of it. Throws
   * an `InputError` for an unknown profile; then, and after any other error, nothing of it is left.
   */
  hold(name: string, request: HoldRequest): Promise<void>
  /** Stops the profile if no other holder is left. */
  release(name: string, request: HoldRequest): Promise<void>
}
