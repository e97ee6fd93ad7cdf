import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { noParams } from './lib/params.ts'

const name = 'leaves-in-time'
const title = 'who is told to stop leaves before it is killed'

/** The other side of draining: who waits to be killed has finished nothing in good order, and holds up every deploy. */
export const leavesInTime = defineCheck({
  name,
  description:
    'Every instance that was told to stop (SIGTERM) was gone before its grace period was over, and did not have to be killed.',
  params: noParams,
  judge({ journal }) {
    const stops = journal.flatMap((event) =>
      event.type === 'instance' && event.state === 'absent' && event.by !== 'itself' ? [event] : [],
    )
    if (stops.length === 0)
      return inconclusiveResult(
        name,
        title,
        'Nobody was told to stop: let the scenario restart somebody.',
      )
    const offenders = stops
      .filter(({ signal }) => signal === 'SIGKILL')
      .map(({ instance }) => ({
        id: instance,
        expected: 'it leaves by itself within its grace period',
        actual: 'it was still there, and was killed (SIGKILL)',
      }))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${formatCount(stops.length, 'time')} somebody was told to stop, and left.`,
      violated: `${offenders.length} of ${formatCount(stops.length, 'time')} somebody had to be killed.`,
    })
  },
})
