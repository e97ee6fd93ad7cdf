import type { CheckResult } from '#chaos/contracts/verdict.ts'
import type { ReportFlow } from '#chaos/report/report-data.ts'

import { buildComparison } from './build-comparison.ts'
import { listFlows } from './find-flow.ts'
import type { RecordedRun } from './recorded-run.ts'

/** For each violated check the first of its offenders that is a recorded flow. A check that names none has no entry. */
export function failingFlows(run: RecordedRun, checks: readonly CheckResult[]): ReportFlow[] {
  const recorded = listFlows(run).flows.filter(({ messages }) => messages > 0)
  const keys = new Set(recorded.map(({ id }) => id))
  const ids = new Map(
    run.operations.flatMap(({ id, key }) =>
      key !== undefined && keys.has(key) ? [[String(id), key] as const] : [],
    ),
  )
  for (const { id, names } of recorded) for (const name of [id, ...names]) ids.set(name, id)
  const drawn = new Map<string, ReportFlow['drawn']>()
  return checks.flatMap((check): readonly ReportFlow[] => {
    if (check.outcome !== 'violated') return []
    const id = check.offenders
      .map((offender) => ids.get(offender.id))
      .find((one) => one !== undefined)
    if (id === undefined) return []
    const comparison = drawn.get(id) ?? buildComparison(run, id)
    drawn.set(id, comparison)
    return [{ check: check.title, drawn: comparison }]
  })
}
