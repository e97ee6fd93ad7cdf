// WRONG. Breaks: "While the result is unknown, it throws. The queue then retries the job."
// When: payments is silent for longer than a hiccup. The function never gives up and never throws, so the job keeps
// its place in the worker: a few such orders stop the whole worker, a shutdown cannot drain, and the backoff and
// limit of the queue never apply. After a second or two of silence (the story) it ends as it should.

import type { Charge } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

const PAUSE_MS = 250

export const chargeOrder: ChargeOrder = async (request, payments) => {
  // The key is the same every time, so payments charges at most once.
  for (;;) {
    try {
      return outcomeOf(await payments.charge(request))
    } catch (error) {
      if (!(error instanceof PaymentsError) || error.kind === 'refused') throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}

function outcomeOf({ id, status }: Charge): ChargeOutcome {
  return status === 'captured' ? { status, chargeId: id } : { status }
}
