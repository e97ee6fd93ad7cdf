import type { Environment, InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'

/** A runtime under test, and what only its author knows how to do. */
export interface ConformanceSubject {
  /** A runtime with everything ready. */
  start(): Promise<Runtime>
  /** Environment with which `api-1` refuses to start (exit status 78). */
  readonly brokenEnvironment: Environment
  /** Makes the instance's main process die as if by itself, behind the runtime's back. */
  crash(runtime: Runtime, instance: string): Promise<void>
}

/** What the parts of the suite share. */
export interface Conformance {
  readonly runtime: () => Runtime
  /** Since the test began. */
  readonly events: InstanceEvent[]
  readonly subject: ConformanceSubject
}
