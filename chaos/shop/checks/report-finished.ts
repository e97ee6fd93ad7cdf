import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'

import { defineCheck } from './lib/define-check.ts'

const name = 'report-finished'
const title = 'no report is ended early'

/** The other work in the database is not free to be cancelled: the report of the accountants must arrive too. */
export const reportFinished = defineCheck({
  name,
  safety: true,
  measures: 'events',
  description: 'No other session ends a long read of the scenario before it has its result.',
  params: noParams,
  judge({ journal }) {
    const reads = journal.flatMap((event) => readOf(event) ?? [])
    if (reads.length === 0)
      return inconclusiveResult(
        name,
        title,
        'The scenario has no long read. Add a fault that reads a table to the method.',
      )
    const ended = reads.filter(({ interrupted }) => interrupted)
    const figures = `${formatCount(ended.length, 'report')} of ${reads.length} ended early.`
    return checkResult({
      name,
      title,
      measured: ended.length,
      limit: 0,
      offenders: ended.map(({ what, at }) => ({
        id: what,
        expected: 'its result',
        actual: `another session ended it before ${at}`,
      })),
      held: figures,
      violated: figures,
    })
  },
})

function readOf(event: SandboxEvent) {
  if (event.type !== 'fault' || event.what !== 'healed' || event.work === undefined)
    return undefined
  return { ...event.work, at: event.at }
}
