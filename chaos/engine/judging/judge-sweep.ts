import type { Verdict } from '#chaos/contracts/verdict.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { restartAll } from '#chaos/runtime/restart-all.ts'

import { inPhase } from '../phases.ts'
import type { RunRequest, StartedRun, SweepResult } from '../run/run-request.ts'
import { shopEnvironments } from '../run/shop-environments.ts'
import type { Sandbox } from '../sandbox.ts'

/** Only for the countdown. */
const preparationMs = 5_000

/** Runs the sweep of a scenario that held. Returns the verdict about both. */
export async function judgeSweep(
  sandbox: Sandbox,
  request: StartedRun,
  held: Verdict,
): Promise<Verdict> {
  const { sweep, signal } = request
  if (sweep === undefined || typeof sweep === 'string') return held
  const { journal } = sandbox
  journal.note('info', 'The scenario held. Now the sweep: a fault at each message of this code.')
  let goesOn = false
  try {
    const result = await inPhase(journal, 'sweep', async () => await sweep.run(signal), {
      limitMs: preparationMs + sweep.budgetMs,
    })
    journal.publish({ type: 'check', check: result.check })
    goesOn = result.check.outcome !== 'violated' && request.variants !== undefined
    return addSweep(held, result)
  } finally {
    // The variants prepare the shop themselves.
    if (!goesOn) await restoreSettings(sandbox, request)
  }
}

/** A held verdict also says why there was no sweep. */
export function sayWhyNoSweep({ sweep }: Pick<RunRequest, 'sweep'>, verdict: Verdict): Verdict {
  if (typeof sweep !== 'string' || verdict.outcome !== 'held') return verdict
  return { ...verdict, headline: `${verdict.headline} ${sweep}` }
}

export function addSweep(held: Verdict, { check, story }: SweepResult): Verdict {
  const { outcome, summary, title } = check
  const checks = [...held.checks, check]
  if (outcome === 'held') return { ...held, headline: `All ${checks.length} checks held.`, checks }
  return {
    ...held,
    outcome,
    headline: summary,
    checks,
    reasons: outcome === 'violated' ? [] : [...held.reasons, `${title}: ${summary}`],
    ...(story === undefined ? {} : { story }),
  }
}

/** The sweep ran the shop with short timers. Restores the settings of the run; the data stay. */
async function restoreSettings(sandbox: Sandbox, request: RunRequest): Promise<void> {
  const { runtime, supervision, journal } = sandbox
  await supervision.release()
  const environments = shopEnvironments(request, runtime)
  // The books of the orders that are in Postgres now.
  const { BOOKS_FILE: books } = sandbox.environmentOf('payments')
  try {
    await restartAll(runtime, {
      by: 'scenario',
      environments:
        books === undefined
          ? environments
          : { ...environments, payments: { ...environments['payments'], BOOKS_FILE: books } },
    })
  } catch (error) {
    journal.note('error', `The shop did not restart after the sweep: ${messageOf(error)}`)
  }
}
