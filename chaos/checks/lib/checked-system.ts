import type { System } from '#chaos/contracts/system.ts'

/** What the general checks must know about a system for their parameters and sentences. */
export interface CheckedSystem extends Pick<System, 'name' | 'operations'> {
  /** Examples of refusals that can be true: `sold out, key used for another order`. Absent: none. */
  readonly refusals?: string
}
