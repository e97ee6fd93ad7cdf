// Breaks: "When payments works again, quotes are complete again: soon, and every time." / "however long payments was slow".
// When: the API has run for long before the hiccup. Each call saves a tenth of a retry, without a limit: after an hour at
// 10 quotes per second it has 3,600. Then the budget allows every retry for minutes: the full storm, although
// payments works. Right after a start, as in the story, it has hardly any.
import type { AskPayments } from '#services/api/seams.ts'
import { backoffMs } from '#services/lib/backoff.ts'

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  // At most one retry per ten calls: 20 customers per second cause at most 22 requests.
  let retriesSaved = 0

  return async (ask) => {
    const endMs = now() + limits.deadlineMs
    retriesSaved += 0.1
    for (let attempt = 1; ; attempt++) {
      try {
        const leftMs = Math.floor(Math.min(limits.attemptTimeoutMs, endMs - now()))
        return await ask(AbortSignal.timeout(Math.max(1, leftMs)))
      } catch (error) {
        const pauseMs = backoffMs({ baseMs: limits.backoffMs, maxMs: limits.backoffMaxMs }, attempt - 1, random)
        if (attempt >= limits.attemptsMax || now() + pauseMs + 20 >= endMs || retriesSaved < 1) throw error
        retriesSaved -= 1
        await sleep(pauseMs)
      }
    }
  }
}
