import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import type { PaymentEvent } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { noEvents } from './lib/no-events.ts'

const name = 'events-recorded'
const title = 'every event of payments is recorded'

/** Compares payments' books with the shop's table, in both directions. */
export const eventsRecorded = defineCheck({
  name,
  description:
    "Every event in payments' books is in the shop's table of events, and no other event is.",
  params: noParams,
  judge({ truth }) {
    const events = truth.paymentEvents
    if (events.length === 0) return inconclusiveResult(name, title, noEvents)
    const received = new Set(truth.receivedEvents.map(({ id }) => id))
    const known = new Set(events.map(({ id }) => id))
    const missing = events.filter(({ id }) => !received.has(id))
    const invented = truth.receivedEvents.filter(({ id }) => !known.has(id))
    const offenders: readonly Offender[] = [
      ...missing.map((event) => ({
        id: event.orderId,
        expected: `\`${event.type}\`, event ${event.sequence} of its charge, is recorded`,
        actual: `not recorded: ${deliveriesOf(event)}`,
      })),
      ...invented.map(({ id, orderId }) => ({
        id: orderId,
        expected: "only events that payments' books have",
        actual: `event ${id} is recorded`,
      })),
    ]
    const total = formatCount(events.length, 'event')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `${events.length} of ${total} of payments are recorded.`,
      violated: `${missing.length} of ${total} of payments are not recorded, and ${invented.length} recorded ones do not exist.`,
    })
  },
})

function deliveriesOf({ attempts, deliveredAt, closed }: PaymentEvent): string {
  const sent = `payments sent it ${formatCount(attempts, 'time')}`
  if (deliveredAt !== null) return `${sent}, and the shop acknowledged it`
  return closed ? `${sent} and gave up` : `${sent} without a success response`
}
