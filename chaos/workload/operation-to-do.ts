import type { PlannedOperation } from './plan.ts'

/** One operation at the moment that it begins. */
export interface DueOperation {
  /** Number in the run, from 1. */
  readonly number: number
  readonly planned: PlannedOperation
  /** The order that a read-order asks for. */
  readonly orderId?: string
  readonly browseUncached: boolean
}
