import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { operationName } from '#chaos/checks/lib/describe-operation.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { CheckResult, Verdict } from '#chaos/contracts/verdict.ts'
import { writeHistory } from '#chaos/workload/write-history.ts'

import { runPhases } from '../phases.ts'
import type { FaultsSummary, StartedRun } from '../run/run-request.ts'
import type { StepOutcome } from '../run/step-outcome.ts'
import type { Sandbox } from '../sandbox.ts'
import { variantAt } from '../scenario/compose-variants.ts'
import type { ComposedVariants, VariantPart } from '../scenario/compose-variants.ts'

const name = 'variants'

/**
 * Runs the variants of a scenario that held, even if the sweep proved nothing: one after the other, with one steady state,
 * one load and one recovery. Returns the verdict about both.
 */
export async function judgeVariants(
  sandbox: Sandbox,
  request: StartedRun,
  events: readonly SandboxEvent[],
  held: Verdict,
): Promise<Verdict> {
  const { variants: composed, ...rest } = request
  if (composed === undefined) return held
  const { journal } = sandbox
  const { parts, scenario } = composed
  journal.note('info', `The scenario held. Now its variants, one after the other: ${list(parts)}.`)
  const history: Operation[] = []
  const firstEvent = events.length
  let faults: FaultsSummary = { steps: [], loadFromMs: 0 }
  const part: StartedRun = {
    ...rest,
    id: `${request.id}-variants`,
    scenario,
    variant: { onFaults: (summary) => void (faults = summary) },
  }
  try {
    const verdict = await runPhases(sandbox, part, () => events.slice(firstEvent), history)
    const check = variantsCheck(verdict, composed, { history, ...faults })
    journal.publish({ type: 'check', check })
    return addVariants(held, verdict, check, composed)
  } finally {
    await writeHistory(join(request.folder, 'history-variants.jsonl'), history)
    await writeFile(join(request.folder, 'variants.json'), `${JSON.stringify(parts, null, 2)}\n`)
  }
}

/** The verdict about the scenario that held, and about its variants. */
export function addVariants(
  held: Verdict,
  verdict: Verdict,
  check: CheckResult,
  { named, parts }: Pick<ComposedVariants, 'named' | 'parts'>,
): Verdict {
  const checks = [...held.checks, check]
  // The sweep proved nothing.
  if (verdict.outcome === 'held' && held.outcome !== 'held') return { ...held, checks }
  const { outcome, reasons, story, machine } = verdict
  const headline =
    outcome === 'held'
      ? `All ${held.checks.length} checks held, also in the ${named === true ? namesOf(parts) : 'variants'}.`
      : check.summary
  return {
    outcome,
    headline,
    checks,
    reasons,
    ...(story === undefined ? {} : { story }),
    ...(machine === undefined ? {} : { machine }),
  }
}

/** The verdict about the variants as one check result. */
export function variantsCheck(
  verdict: Verdict,
  { parts, leftOut }: ComposedVariants,
  run: FaultsSummary & { readonly history: readonly Operation[] },
): CheckResult {
  // The check that decided: its summary is the headline.
  const violated = verdict.checks.find(({ summary }) => summary === verdict.headline)
  const unfit = notApplied(parts, run.steps)
  const left = [
    ...(unfit.length === 0 ? [] : [` Without effect in this run: ${unfit.join(', ')}.`]),
    ...(leftOut.length === 0 ? [] : [` Not run: ${leftOut.join(', ')}.`]),
  ].join('')
  const base = { name, title: 'the variants hold too', outcome: verdict.outcome }
  if (verdict.outcome === 'held')
    return {
      ...base,
      summary: `${list(parts)}: all ${verdict.checks.length} checks held.${left}`,
      offenders: [],
      offendersTotal: 0,
    }
  const cause = causeOf(violated, parts, run)
  const where =
    cause === undefined
      ? `In one of the variants ${list(parts)}`
      : `Variant ${cause.name} (${cause.what})`
  return {
    ...base,
    summary: `${where}: ${verdict.headline}${left}`,
    offenders: violated?.offenders ?? [],
    offendersTotal: violated?.offendersTotal ?? 0,
  }
}

/** Variants without effect: they waited for messages that this code does not send, or nothing passed during their fault. */
function notApplied(
  parts: readonly VariantPart[],
  outcomes: readonly StepOutcome[],
): readonly string[] {
  let first = 0
  return parts.flatMap(({ name: one, steps }) => {
    const own = outcomes.slice(first, first + steps)
    first += steps
    return own.length > 0 && own.every(({ state }) => state === 'never') ? [one] : []
  })
}

/**
 * The only variant, or the one that was active when the first offender of the check began. Undefined: that is not known, as
 * for an offender that is not an operation.
 */
function causeOf(
  check: CheckResult | undefined,
  parts: readonly VariantPart[],
  { history, loadFromMs }: { readonly history: readonly Operation[]; readonly loadFromMs: number },
): VariantPart | undefined {
  if (parts.length === 1) return parts[0]
  const [offender] = check?.offenders ?? []
  if (offender === undefined) return undefined
  const operation = history.find(
    (one) => offender.id === one.orderId || offender.id === operationName(one),
  )
  return operation === undefined ? undefined : variantAt(parts, operation.startMs - loadFromMs)
}

function namesOf(parts: readonly VariantPart[]): string {
  return `${parts.length === 1 ? 'variant' : 'variants'} ${list(parts)}`
}

function list(parts: readonly VariantPart[]): string {
  return parts.map(({ name: one }) => one).join(', ')
}
