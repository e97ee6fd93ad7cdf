import { Type } from 'typebox'
import { Check } from 'typebox/value'

import { InputError } from '#chaos/lib/errors.ts'

import type { EvidenceRecord } from './learning-evidence.ts'

const Confidence = Type.Number({ minimum: 0, maximum: 100 })
const ForecastSchema = Type.Object({ confidence: Confidence, right: Type.Boolean() })

const RecordSchema = Type.Object({
  v: Type.Literal(1),
  kind: Type.Literal('lab'),
  id: Type.String(),
  prediction: Type.Union([
    Type.Null(),
    Type.Object({
      confidence: Confidence,
      right: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
    }),
  ]),
  transfer: Type.Optional(
    Type.Object({ now: Type.Optional(ForecastSchema), later: Type.Optional(ForecastSchema) }),
  ),
})
const ExportSchema = Type.Union([RecordSchema, Type.Array(RecordSchema)])

/** What `unhappy lab export` printed: one lab, or all labs of a learner. Throws {@link InputError}. */
export function parseExport(text: string, file: string): readonly EvidenceRecord[] {
  const value = parsed(text)
  if (!Check(ExportSchema, value))
    throw new InputError(`${file} is not an export of labs.`, {
      remedy: 'Make it with: unhappy lab export > my-labs.json',
    })
  return [value].flat()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
