import { Type } from 'typebox'

import type {
  Completions,
  Diagnostics,
  Hover,
  LabCode,
  SaveConflict,
  SavedFile,
} from '#chaos/contracts/api.ts'

import { contractSchema, list, nullable, oneOf } from './contract-schema.ts'

const version = Type.String({ description: 'SHA-256 of the text, in hexadecimal.' })
const position = Type.Integer({ description: 'From 1.' })
const state = oneOf('ready', 'starting', 'unavailable')

export const LabCodeSchema = contractSchema<LabCode>()(
  Type.Object({
    files: list(
      Type.Object({ seam: Type.String(), path: Type.String(), text: Type.String(), version }),
    ),
    types: list(Type.Object({ title: Type.String(), path: Type.String(), text: Type.String() })),
    shopFiles: list(Type.Object({ path: Type.String(), text: Type.String() })),
  }),
)

export const SavedFileSchema = contractSchema<SavedFile>()(Type.Object({ version }))

export const SaveConflictSchema = contractSchema<SaveConflict>()(
  Type.Object({
    error: Type.String(),
    remedy: Type.Optional(Type.String()),
    status: Type.Integer(),
    text: Type.String({ description: 'What is on disk.' }),
    version,
  }),
)

export const DiagnosticsSchema = contractSchema<Diagnostics>()(
  Type.Object({
    diagnostics: list(
      Type.Object({
        line: position,
        column: position,
        endLine: position,
        endColumn: Type.Integer({ description: 'From 1, exclusive.' }),
        severity: oneOf('error', 'warning'),
        message: Type.String(),
        source: oneOf('types', 'import'),
      }),
    ),
    tookMs: Type.Number(),
    state,
    reason: Type.Optional(Type.String({ description: 'Why it is unavailable.' })),
  }),
)

export const CompletionsSchema = contractSchema<Completions>()(
  Type.Object({
    items: list(
      Type.Object({
        label: Type.String(),
        kind: Type.String(),
        detail: Type.Optional(Type.String()),
        insert: Type.Optional(Type.String({ description: 'If it is not the label.' })),
      }),
    ),
    state,
  }),
)

export const HoverSchema = contractSchema<Hover>()(
  Type.Object({
    markdown: nullable(Type.String({ description: 'Null: there is nothing.' })),
    state,
  }),
)
