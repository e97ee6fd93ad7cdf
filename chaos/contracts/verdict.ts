/** Exit status of the CLI: held 0, violated 1, inconclusive 2. A check result has the same three outcomes. */
export type VerdictOutcome = 'held' | 'violated' | 'inconclusive'

/** One order, operation, link or instance that violates a check, such as an order that was charged twice. */
export interface Offender {
  /** Order id, operation number, link or instance. */
  readonly id: string
  readonly expected: string
  readonly actual: string
}

export interface CheckResult {
  readonly name: string
  /** The check with its parameters: `availability of browse at least 99 %`. */
  readonly title: string
  readonly outcome: VerdictOutcome
  /** One sentence with the numbers. */
  readonly summary: string
  readonly measured?: number
  readonly limit?: number
  /** At most 48 are listed; `offendersTotal` counts all. */
  readonly offenders: readonly Offender[]
  readonly offendersTotal: number
  /** The property was violated, but a busy machine alone can have caused that: so the outcome is `inconclusive`. */
  readonly excused?: true
}

/** A line of the story of the first violation, in time order. */
export interface StoryLine {
  /** Milliseconds since the workload began. */
  readonly ms: number
  /** `client`, an instance, `payments`, `fault`. */
  readonly who: string
  readonly text: string
}

export interface Story {
  readonly about: string
  readonly headline: string
  readonly lines: readonly StoryLine[]
  readonly expected: string
  readonly actual: string
}

/** What a run got from its machine, from the steady state on. */
export interface MachineRecord {
  /** The share of the processors that other programs used, 0 to 1. Absent: not known on this platform. */
  readonly othersShare?: number
  /**
   * The share of the time in which a processor limit stopped the controller or another container of the sandbox, 0 to 1. A
   * limit that is a fault of the run is not included.
   */
  readonly throttledShare: number
  /** How late a timer of the controller was at most, in milliseconds. The controller sends the load. */
  readonly lateMaxMs: number
  /** The number of processors that the sandbox may use. */
  readonly processors?: number
  /** The processor limit of the controller's container, in processors. Absent: it has none. */
  readonly processorLimit?: number
  /** The share of the time in which a program of the machine waited for a processor (PSI), 0 to 1. Absent: not known. */
  readonly pressureShare?: number
  /** How late a timer of the links was at most, in milliseconds. Absent: not known. */
  readonly linksLateMaxMs?: number
  /** Each instance of which something is known. Its own code can cause a delay, so no delay excuses it. */
  readonly instances?: readonly InstanceRecord[]
}

export interface InstanceRecord {
  readonly name: string
  /** The longest delay of the instance's event loop, in milliseconds. */
  readonly loopDelayMaxMs?: number
  /** The share of the time in which the processor limit of its container stopped it, 0 to 1. */
  readonly throttledShare?: number
}

/** The verdict of a run. */
export interface Verdict {
  readonly outcome: VerdictOutcome
  /** One line that a tired learner understands at first reading. */
  readonly headline: string
  readonly checks: readonly CheckResult[]
  /** Why the run is inconclusive, and what would make it conclusive: one sentence each. */
  readonly reasons: readonly string[]
  readonly story?: Story
  /** Absent in runs that ended before their first load, and in older ones. */
  readonly machine?: MachineRecord
}
