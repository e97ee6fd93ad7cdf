import type { Violation } from '#chaos/contracts/system/flow.ts'

import type { Scalar } from './snapshot.ts'

/** A statement of the user: what it reads, and the value that it must have after a success response. */
export interface Statement {
  readonly kind: 'sql' | 'redis' | 'http'
  /** SQL with one value; a Redis command; `GET payments /books`. */
  readonly text: string
  /** The store or instance that it asks. Absent: the only one of its kind. */
  readonly of?: string
  /** Of a JSON response: where the value is, `charges.length`. */
  readonly at?: string
  readonly equals: Scalar
}

/** A statement that does not hold. */
export type FalseStatement = Violation

/** The statements whose value is another one. Numbers and texts with the same digits are equal. */
export function falseStatements(
  statements: readonly Statement[],
  values: readonly Scalar[],
): readonly FalseStatement[] {
  return statements.flatMap(({ kind, text, equals }, i): FalseStatement[] => {
    const actual = values[i] ?? null
    if (String(actual) === String(equals)) return []
    return [{ invariant: `${kind}: ${text}`, expected: String(equals), actual: String(actual) }]
  })
}
