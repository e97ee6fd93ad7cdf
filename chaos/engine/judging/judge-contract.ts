import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'

const name = 'contract'
const title = 'promises of the README, tested directly on the code'

/** The check result of all contract probes of a lab. Undefined if its seams have none. */
export function judgeContract(reports: readonly ProbeReport[]): CheckResult | undefined {
  if (reports.length === 0) return undefined
  const violated = reports.filter(({ outcome }) => outcome === 'violated')
  const undecided = reports.filter(({ outcome }) => outcome === 'undecided')
  const held = reports.length - violated.length - undecided.length
  const total = reports.length
  const counts =
    undecided.length === total
      ? `None of ${total} promises could be tested.`
      : `${held} of ${total} promises hold.`
  const counted = `${counts}${undecidedInWords(undecided)}`
  const [first] = violated
  if (first === undefined)
    return { ...base, outcome: held === 0 ? 'inconclusive' : 'held', summary: counted }
  return {
    ...base,
    outcome: 'violated',
    // The first broken promise, word for word.
    title: `the README promises: “${first.promise}”`,
    summary: `${first.name}: expected ${first.breach?.expected}; actual: ${first.breach?.actual}. ${counted}`,
    offenders: violated.map(({ seam, name, breach }) => ({
      id: `${seam}: ${name}`,
      expected: breach?.expected ?? '',
      actual: breach?.actual ?? '',
    })),
    offendersTotal: violated.length,
  }
}

/** The check result when the probes could not run. */
export function contractNotProbed(why: string): CheckResult {
  return { ...base, outcome: 'inconclusive', summary: `The contract probes did not run: ${why}` }
}

const base = { name, title, offenders: [], offendersTotal: 0 } as const

function undecidedInWords(undecided: readonly ProbeReport[]): string {
  const [first] = undecided
  if (first === undefined) return ''
  const others = undecided.length === 1 ? '' : `, and ${undecided.length - 1} more`
  return ` Not decided: ${first.name} (${first.reason})${others}.`
}
