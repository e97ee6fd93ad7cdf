import type { Environment, InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'
import type { Topology } from '#chaos/contracts/topology.ts'

/** A runtime under test, with the parts that differ between runtimes. */
export interface ConformanceSubject {
  /** Of the shop, or of a system with the same names. */
  readonly topology: Topology
  /** Starts a runtime in which everything is ready. */
  start(): Promise<Runtime>
  /** Environment with which `api-1` refuses to start (exit status 78). */
  readonly brokenEnvironment: Environment
  /** Kills the instance's main process without the runtime, as if it died by itself. */
  crash(runtime: Runtime, instance: string): Promise<void>
}

/** What the parts of the suite share. */
export interface Conformance {
  readonly runtime: () => Runtime
  /** Events since the test began. */
  readonly events: InstanceEvent[]
  readonly subject: ConformanceSubject
}

/** All names that a runtime accepts. */
export function subjectNames({ topology }: ConformanceSubject): readonly string[] {
  return ['links', ...[...topology.instances, ...topology.stores].map(({ name }) => name)]
}
