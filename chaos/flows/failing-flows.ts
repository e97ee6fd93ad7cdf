import type { CheckResult } from '#chaos/contracts/verdict.ts'
import type { ReportFlow } from '#chaos/report/report-data.ts'

import { buildComparison, comparedFlows } from './build-comparison.ts'
import { listFlows } from './find-flow.ts'
import type { FlowsInFolder } from './read-recorded-run.ts'
import { flowsOf, type RecordedRun, type RunOfFlows } from './recorded-run.ts'

/** For each violated check the first of its offenders that is a recorded flow. A check that names none has no entry. */
export async function failingFlows(
  { run, withMessages }: FlowsInFolder,
  checks: readonly CheckResult[],
): Promise<ReportFlow[]> {
  const ids = flowIds(run)
  const wanted = checks
    .filter(({ outcome }) => outcome === 'violated')
    .map(({ title, offenders }) => ({
      title,
      flows: offenders.flatMap(({ id }) => ids.get(id) ?? []),
    }))
    .filter(({ flows }) => flows.length > 0)
  if (wanted.length === 0) return []
  const read = async (flows: readonly string[]): Promise<RecordedRun> =>
    await withMessages([...new Set(flows.flatMap((id) => comparedFlows(run, id)))])
  // Most first offenders have messages, and to read a few flows costs little.
  let recorded = await read(wanted.flatMap(({ flows }) => flows.slice(0, 1)))
  let found = keysOf(recorded)
  if (wanted.some(({ flows: [first = ''] }) => !found.has(first))) {
    recorded = await read(wanted.flatMap(({ flows }) => flows))
    found = keysOf(recorded)
  }
  const drawn = new Map<string, ReportFlow['drawn']>()
  return wanted.flatMap(({ title, flows }): readonly ReportFlow[] => {
    const id = flows.find((one) => found.has(one))
    if (id === undefined) return []
    const comparison = drawn.get(id) ?? buildComparison(recorded, id)
    drawn.set(id, comparison)
    return [{ check: title, drawn: comparison }]
  })
}

/** The key of the flow that an offender names: by number of the operation, by key, or by an id of the system. */
function flowIds(run: RunOfFlows): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  for (const { id, key } of run.operations) if (key !== undefined) ids.set(String(id), key)
  for (const { id, names } of listFlows(run).flows)
    for (const name of [id, ...names]) ids.set(name, id)
  return ids
}

function keysOf({ recording }: RecordedRun): ReadonlySet<string> {
  return new Set(recording.messages.flatMap((message) => flowsOf(message)))
}
