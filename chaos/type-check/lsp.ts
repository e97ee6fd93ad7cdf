import type { Completion, Diagnostic } from '#chaos/contracts/api.ts'

// The parts of the Language Server Protocol that are used, and what the API makes of them.

interface LspRange {
  readonly start: { readonly line: number; readonly character: number }
  readonly end: { readonly line: number; readonly character: number }
}

export interface LspReport {
  readonly items?: readonly {
    readonly range: LspRange
    readonly severity?: number
    readonly message: string
  }[]
}

export interface LspCompletion {
  readonly label: string
  readonly kind?: number
  readonly detail?: string
  readonly insertText?: string
}

export interface LspCompletions {
  readonly items?: readonly LspCompletion[]
}

export interface LspHover {
  readonly contents: string | { readonly value: string }
}

/** 1 is an error and 2 a warning. The others are remarks, such as about an unused name. */
export function toDiagnostic({
  range: { start, end },
  severity,
  message,
}: NonNullable<LspReport['items']>[number]): readonly Diagnostic[] {
  if (severity !== undefined && severity > 2) return []
  return [
    {
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
      severity: severity === 2 ? 'warning' : 'error',
      message,
      source: 'types',
    },
  ]
}

export function toCompletion({ label, kind, detail, insertText }: LspCompletion): Completion {
  return {
    label,
    kind: kinds[(kind ?? 0) - 1] ?? 'text',
    ...(detail === undefined ? {} : { detail }),
    ...(insertText === undefined || insertText === label ? {} : { insert: insertText }),
  }
}

/** The protocol's kinds of completions, from 1. */
const kinds = [
  'text',
  'method',
  'function',
  'constructor',
  'field',
  'variable',
  'class',
  'interface',
  'module',
  'property',
  'unit',
  'value',
  'enum',
  'keyword',
  'snippet',
  'color',
  'file',
  'reference',
  'folder',
  'enum member',
  'constant',
  'struct',
  'event',
  'operator',
  'type parameter',
]

export function markdownOf({ contents }: LspHover): string {
  return typeof contents === 'string' ? contents : contents.value
}
