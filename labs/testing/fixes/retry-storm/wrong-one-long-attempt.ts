// WRONG. Breaks: "An attempt ends after `attemptTimeoutMs` at the latest" and "waiting longer is not one".
// When: always while payments is slow or silent. No retries means no storm, and the single attempt gets the
// time of all four: it stays open for 1.2 s instead of 350 ms. A request whose packet was lost holds its
// connection and its customer for the whole deadline.

import type { AskPayments } from '#services/api/seams.ts'

export const askPayments: AskPayments = (limits) => {
  // A retry only adds load to a service that is slow. Give the one attempt all the time there is.
  return async (ask) => await ask(AbortSignal.timeout(limits.deadlineMs))
}
