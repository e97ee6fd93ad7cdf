import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { noParams } from './lib/params.ts'

const name = 'leaves-in-time'
const title = 'every stopped instance exits within its grace period'

/** The limit of draining: an instance that does not exit on SIGTERM is killed with work in flight, and delays every deploy. */
export const leavesInTime = defineCheck({
  name,
  measures: 'events',
  description:
    'Every instance that receives SIGTERM exits within its grace period. None needs a SIGKILL.',
  params: noParams,
  judge({ journal }) {
    const stops = journal.flatMap((event) =>
      event.type === 'instance' && event.state === 'absent' && event.by !== 'itself' ? [event] : [],
    )
    if (stops.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No instance was stopped. Add a stop, restart or deploy to the scenario.',
      )
    const offenders = stops
      .filter(({ signal }) => signal === 'SIGKILL')
      .map(({ instance }) => ({
        id: instance,
        expected: 'exits within its grace period',
        actual: 'still runs after its grace period and receives SIGKILL',
      }))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${stops.length} of ${formatCount(stops.length, 'stop')} ended within the grace period.`,
      violated: `${offenders.length} of ${formatCount(stops.length, 'stop')} needed a SIGKILL after the grace period.`,
    })
  },
})
