import { Type } from 'typebox'
import { Check } from 'typebox/value'

import { resultLooks } from './judging/cell-results.ts'
import type { Matrix } from './matrix.ts'
import { parseXrayJson } from './parse-xray-json.ts'

const texts = Type.Array(Type.String())

/** What every reader of a matrix needs. Parts that only the page shows are not checked. */
const MatrixSchema = Type.Object({
  v: Type.Literal(1),
  kind: Type.Literal('failure-matrix'),
  flow: Type.String(),
  variant: Type.String(),
  mode: Type.String(),
  startedAt: Type.String(),
  code: Type.Union([Type.Null(), Type.Object({ folder: Type.String(), seams: texts })]),
  env: Type.Object({ netsOff: texts }),
  baseline: Type.Object({ history: Type.Array(Type.Object({})) }),
  steps: Type.Array(
    Type.Object({
      id: Type.String(),
      link: Type.String(),
      signature: Type.String(),
      nth: Type.Number(),
    }),
  ),
  columns: texts,
  cells: Type.Array(
    Type.Object({
      id: Type.String(),
      step: Type.String(),
      column: Type.String(),
      result: Type.Enum(Object.keys(resultLooks)),
    }),
  ),
})

/** The matrix in an xray.json. Undefined: the text is not a matrix. */
export function parseMatrix(text: string): Matrix | undefined {
  try {
    const value = parseXrayJson(text)
    return Check(MatrixSchema, value) ? (value as unknown as Matrix) : undefined
  } catch {
    return undefined
  }
}
