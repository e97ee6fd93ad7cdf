import type { Level } from './generalise.ts'
import type { Change, Row } from './snapshot.ts'

/** What one run of a flow does to the stores, as runs without a fault have shown it. It can be written as JSON. */
export interface Effect {
  readonly groups: readonly EffectGroup[]
  /** Tables whose rows change without a run. Only their rows with the id of the run are judged. */
  readonly background: readonly string[]
  /** Tables that were not read, each with the reason. */
  readonly unread: Readonly<Record<string, string>>
  /** Sending the same id twice has one effect: a client may retry. */
  readonly idempotent: boolean
  /**
   * Statuses that a repeated request receives without a fault, such as 409: the first one is done. Absent: it receives a success
   * response.
   */
  readonly repeatStatuses?: readonly number[]
}

/** The rows of one table that appear, or change, or disappear. */
export interface EffectGroup {
  readonly table: string
  readonly op: Change['op']
  /** What the runs have in common in each column. */
  readonly columns: Readonly<Record<string, Level>>
  /** Columns that are about attempts: another value is legal, and yellow. Absent in files of older versions. */
  readonly attempts?: readonly string[]
  /** What each run has: rows with masks, and how many of each. */
  readonly parts: readonly EffectPart[]
  /**
   * `one`: exactly these rows, and a further one is a double effect. `many`: a further row is legal (an attempt counter, an
   * audit line). `loose`: the runs differ, or the rows end by themselves; nothing is judged.
   */
  readonly holds: 'one' | 'many' | 'loose'
  /** Why, for users. */
  readonly because: string
}

export interface EffectPart {
  readonly shape: Row
  readonly count: number
}

/** What a user corrects about a learned effect. Names of tables, and of columns as `table.column`. */
export interface Corrections {
  readonly mask?: readonly string[]
  readonly keep?: readonly string[]
  readonly exactlyOne?: readonly string[]
  readonly mayRepeat?: readonly string[]
  readonly ignore?: readonly string[]
}
