import type { Ack, FlowResult, FlowResultName, Violation } from '#chaos/contracts/system/flow.ts'

import type { Effect } from './effect.ts'
import { type Match, matchEffect } from './match-effect.ts'
import type { Change } from './snapshot.ts'
import type { FalseStatement } from './statements.ts'

/** What is known about one run when it is judged. */
export interface JudgedRun {
  readonly effect: Effect
  readonly changes: readonly Change[]
  readonly outcome: Ack['outcome']
  /** Nothing of the run was in progress at the end: no job and no message. */
  readonly settled: boolean
  /** The user's statements that do not hold after a success response. */
  readonly falseStatements: readonly FalseStatement[]
  /** After no final response, the client sent the same id again. */
  readonly again?: { readonly changes: readonly Change[]; readonly outcome: Ack['outcome'] }
}

/** How much of the learned effect the stores contain. */
export type Amount = 'nothing' | 'part' | 'whole' | 'twice'

export function amountOf({ present, missing, differs, double }: Match): Amount {
  if (double > 0) return 'twice'
  if (present === 0) return 'nothing'
  return missing + differs > 0 ? 'part' : 'whole'
}

/** Judges a run by what the client received and what the stores contain. */
export function judgeRun(run: JudgedRun): FlowResult {
  const match = matchEffect(run.effect, run.changes)
  const amount = amountOf(match)
  const bad = badResult(run, amount)
  if (bad !== undefined) return resultOf(bad, match, run.outcome)
  const [untrue] = run.outcome === 'ok' ? run.falseStatements : []
  if (untrue !== undefined)
    return { ...resultOf('untrue', match, run.outcome), violations: [untrue] }
  const retried = judgeAgain(run)
  if (retried !== undefined) return retried
  if (match.more > 0) return resultOf('more-rows', match, run.outcome)
  if (run.outcome === 'ok') return resultOf('ok', match, run.outcome)
  return resultOf(amount === 'nothing' ? 'ok-rejected' : 'ok-indeterminate', match, run.outcome)
}

function badResult(
  { outcome, settled, effect }: JudgedRun,
  amount: Amount,
): FlowResultName | undefined {
  if (amount === 'twice') return 'double-effect'
  // What is still in progress may complete the effect.
  if (!settled && amount !== 'whole')
    return amount === 'nothing' && outcome !== 'ok' ? undefined : 'stuck'
  if (amount === 'part') return 'torn'
  const changesNothing = effect.groups.every(({ holds }) => holds === 'loose')
  if (amount === 'nothing' && outcome === 'ok' && !changesNothing) return 'lost'
  return amount === 'whole' && outcome === 'fail' ? 'phantom' : undefined
}

/** After no final response, the same id must lead to exactly one effect. */
function judgeAgain({ again, effect, settled }: JudgedRun): FlowResult | undefined {
  if (again === undefined) return undefined
  const retried = { effect, settled, falseStatements: [], ...again }
  const result = judgeRun(retried)
  const { result: name } = result
  if (
    name !== 'ok' &&
    name !== 'more-rows' &&
    name !== 'ok-rejected' &&
    name !== 'ok-indeterminate'
  )
    return { ...result, global: `after a retry with the same id: ${result.global}` }
  if (again.outcome === 'ok') return undefined
  const match = matchEffect(effect, again.changes)
  return {
    ...resultOf('stuck', match, again.outcome),
    global: `after a retry with the same id: no success response, ${wordsOf(match)}`,
  }
}

function resultOf(result: FlowResultName, match: Match, outcome: Ack['outcome']): FlowResult {
  const global = wordsOf(match)
  const expected =
    outcome === 'ok' ? 'the learned effect once' : 'the learned effect once or nothing'
  const violations: readonly Violation[] = result.startsWith('ok')
    ? []
    : [{ invariant: 'one run has one effect', expected, actual: global }]
  return { result, violations, global, evidence: match.evidence }
}

/** `the learned effect`, `a part of the effect: outbox is missing` */
function wordsOf(match: Match): string {
  const tables = (sign: string): string =>
    [...new Set(match.evidence.filter((one) => one.sign === sign).map(({ table }) => table))].join(
      ', ',
    )
  const words = {
    nothing: 'no effect',
    part: 'a part of the effect',
    whole: 'the learned effect',
    twice: 'more than one effect',
  }[amountOf(match)]
  const details = [
    ...(match.missing > 0 && match.present > 0 ? [`${tables('-')}: missing`] : []),
    ...(match.differs > 0 ? [`${tables('~')}: another value`] : []),
    ...(match.double + match.more > 0
      ? [
          `${[tables('+'), match.double > 0 || match.more > 0 ? tables('~') : ''].filter(Boolean).join(', ')}: more`,
        ]
      : []),
  ]
  return details.length === 0 ? words : `${words} (${details.join('; ')})`
}
