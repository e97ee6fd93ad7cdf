import type { XrayWords } from '#chaos/contracts/system/flow.ts'
import type { SweepResult } from '#chaos/engine/run/run-request.ts'

import { isFlowResult, lookOf } from '../judging/cell-results.ts'
import type { Cell, FlowStep, HistoryLine } from '../matrix.ts'
import type { ColumnId } from '../planning/columns.ts'
import type { SweptCase } from './plan-lab-sweep.ts'

/** `the API was killed right before its message INSERT outbox`, as a clause. */
export function faultWords({ step, column }: SweptCase, { services }: XrayWords): string {
  const sender = services?.[step.caller] ?? step.caller
  const message = messageWords(step)
  const words: Partial<Readonly<Record<ColumnId, string>>> = {
    'caller-dies-before': `the ${sender} was killed right before its message ${message}`,
    'caller-dies-after': `the ${sender} was killed right after its message ${message} was executed`,
    'reply-cut': `the message ${message} of the ${sender} was executed, and its reply was lost`,
    'reply-late': `the reply to the message ${message} of the ${sender} came after timeout and lock`,
  }
  return words[column.id] ?? `at ${message} of the ${sender}, ${column.words}`
}

/** The same, short enough for a list: `COMMIT (reply late)`. */
export function faultName({ step, column }: Pick<SweptCase, 'step' | 'column'>): string {
  const short: Partial<Readonly<Record<ColumnId, string>>> = {
    'caller-dies-before': 'killed before',
    'caller-dies-after': 'killed after',
    'reply-cut': 'reply lost',
    'reply-late': 'reply late',
  }
  return `${messageWords(step)} (${short[column.id] ?? column.heading})`
}

function messageWords({ signature, nth }: FlowStep): string {
  return nth > 1 ? `${signature} number ${nth}` : signature
}

/** The outcome of the run, as a clause. */
export function resultWords(
  { result, violations = [], global = '' }: Cell,
  words: XrayWords,
): string {
  const clause = isFlowResult(result) ? words.resultClause?.(result, global) : undefined
  if (clause !== undefined) return clause
  const [worst] = violations
  return worst === undefined
    ? lookOf(result, words.meanings).meaning
    : `${worst.invariant}: expected ${worst.expected}, got ${worst.actual}`
}

const linesMax = 40

/** The messages of the case, for the story of a verdict. `fromMs`: when the case began in the run of the lab. */
export function storyOfCase(
  { cell, fromMs }: { readonly cell: Cell; readonly fromMs: number },
  headline: string,
  { subject = 'flow' }: XrayWords,
): NonNullable<SweepResult['story']> {
  const [worst] = cell.violations ?? []
  return {
    about: `one ${subject}`,
    headline,
    lines: (cell.history ?? [])
      .flatMap((line) => {
        const said = lineWords(line)
        return said === undefined ? [] : [{ ms: fromMs + line.atMs, ...said }]
      })
      .slice(0, linesMax),
    expected: worst === undefined ? '' : `${worst.invariant}: ${worst.expected}`,
    actual: `${worst?.actual ?? ''} (${cell.global ?? ''})`,
  }
}

function lineWords({
  kind,
  from,
  to,
  text,
}: HistoryLine): { readonly who: string; readonly text: string } | undefined {
  switch (kind) {
    case 'request':
      return { who: from, text: `sends ${text} to ${to}` }
    case 'reply':
      return undefined
    case 'fault':
      return { who: 'fault', text }
    case 'client':
      return { who: 'client', text: `receives from ${from}: ${text}` }
    case 'exit':
    case 'start':
      return { who: from, text }
  }
}
