/** Promises that the system cannot keep under a fault, and the reason. Everything else must hold under every fault. */
export interface SystemLimit {
  /** Kind of the fault. */
  readonly fault: string
  /** Targets, as a scenario names them. Absent: any. */
  readonly on?: string
  /** Names of the checks that the fault may violate. */
  readonly checks: readonly string[]
  /** Whole sentences for users. */
  readonly why: string
}
