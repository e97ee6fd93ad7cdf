import { findCheck } from '#chaos/checks/lib/find-check.ts'
import { judgeExpectations } from '#chaos/checks/lib/judge-expectations.ts'
import { tellStory } from '#chaos/checks/story/tell-story.ts'
import type { Evidence } from '#chaos/contracts/check.ts'
import type { Scenario } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { CheckResult, MachineRecord, Story, Verdict } from '#chaos/contracts/verdict.ts'

import type { Journal } from '../journal.ts'
import { mayBeMachine, whyBusy } from '../machine/busy-machine.ts'
import type { Doubts } from './doubts.ts'

/** Judges every expectation of the scenario, and what holds in every run. Publishes each check result in the journal. */
export function judgeRun(
  evidence: Evidence,
  scenario: Pick<Scenario, 'expect'>,
  doubts: Doubts,
  {
    system,
    journal,
    machine,
  }: {
    readonly system: System
    readonly journal?: Journal
    readonly machine?: MachineRecord
  },
): Verdict {
  const { checks: known, alwaysJudged = [] } = system
  const named = new Set(scenario.expect.map(({ check }) => check))
  const always = alwaysJudged.filter((check) => !named.has(check))
  const judged = judgeExpectations(
    evidence,
    [...scenario.expect, ...always.map((check) => ({ check, params: {} }))],
    known,
  )
  const checks = judged.map((check) => excuseMachine(check, machine, known))
  for (const check of checks) journal?.publish({ type: 'check', check })
  const verdict = createVerdict(checks, doubts, known, tellStory(evidence, checks, system))
  return machine === undefined ? verdict : { ...verdict, machine }
}

/** A violation that a busy machine alone can have caused is inconclusive. What must never happen must not happen there either. */
function excuseMachine(
  check: CheckResult,
  machine: MachineRecord | undefined,
  known: System['checks'],
): CheckResult {
  if (check.outcome !== 'violated' || machine === undefined || isProof(check, known)) return check
  const busy = whyBusy(machine)
  if (busy === undefined || !mayBeMachine(check, machine, findCheck(known, check.name)?.measures))
    return check
  return { ...check, outcome: 'inconclusive', excused: true, summary: `${check.summary} ${busy}` }
}

export const noDoubts: Doubts = { run: [], faults: [] }

/** The verdict of a run that ended before its checks. */
export function inconclusiveVerdict(reason: string): Verdict {
  return { outcome: 'inconclusive', headline: reason, checks: [], reasons: [reason] }
}

/**
 * The first rule that applies:
 * 1. violated: a safety check has an offender, whatever else failed in the run;
 * 2. inconclusive: the load or a step failed, or a check could not judge;
 * 3. violated: another check is violated, perhaps without a fault that affected nothing;
 * 4. inconclusive: a fault affected nothing;
 * 5. held.
 */
export function createVerdict(
  checks: readonly CheckResult[],
  doubts: Doubts,
  known: System['checks'],
  story?: Story,
): Verdict {
  const violated = checks.filter(({ outcome }) => outcome === 'violated')
  const proof = violated.find((check) => isProof(check, known))
  // A busy machine excuses one check; it does not excuse another one that it cannot have violated.
  const unjudged = checks.filter(
    ({ outcome, excused }) =>
      outcome === 'inconclusive' && (excused !== true || violated.length === 0),
  )
  const reasons = [
    ...doubts.run,
    ...doubts.faults,
    ...unjudged.map(({ title, summary }) => `${title}: ${summary}`),
  ]
  const worst = proof ?? violated[0]
  const withStory = story === undefined ? {} : { story }
  const proves = doubts.run.length === 0 && unjudged.length === 0
  if (worst !== undefined && (proof !== undefined || proves))
    return { outcome: 'violated', headline: worst.summary, checks, reasons, ...withStory }
  const [reason] = reasons
  if (reason !== undefined)
    return { outcome: 'inconclusive', headline: reason, checks, reasons, ...withStory }
  const headline = checks.length === 1 ? 'The check held.' : `All ${checks.length} checks held.`
  return { outcome: 'held', headline, checks, reasons }
}

/** An offender of a safety check is proof even if the fault that should cause it never fired. */
function isProof({ name, offendersTotal }: CheckResult, known: System['checks']): boolean {
  return offendersTotal > 0 && findCheck(known, name)?.safety === true
}
