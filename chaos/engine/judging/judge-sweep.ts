import { isDeepStrictEqual } from 'node:util'

import type { Environment } from '#chaos/contracts/runtime.ts'
import type { Instance } from '#chaos/contracts/topology.ts'
import type { Verdict } from '#chaos/contracts/verdict.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { restartAll } from '#chaos/runtime/restart-all.ts'

import { inPhase } from '../phases.ts'
import type { RunRequest, StartedRun, SweepResult } from '../run/run-request.ts'
import { shopEnvironments, variablesOfRun } from '../run/shop-environments.ts'
import type { Sandbox } from '../sandbox.ts'

/** Only for the countdown. */
const preparationMs = 5_000

/**
 * Runs the sweep of a scenario that held, then `next`, unless the sweep found a violation. The shop has the settings of the
 * run afterwards, however they end. Returns the verdict about all of it.
 */
export async function judgeSweep(
  sandbox: Sandbox,
  request: StartedRun,
  held: Verdict,
  next: (verdict: Verdict) => Promise<Verdict>,
): Promise<Verdict> {
  const { sweep, signal, zero } = request
  if (sweep === undefined || typeof sweep === 'string') return await next(held)
  const { journal } = sandbox
  try {
    const result = await inPhase(
      journal,
      'sweep',
      async () => await sweep.run(signal, zero.begin()),
      {
        limitMs: preparationMs + sweep.budgetMs,
      },
    )
    journal.publish({ type: 'check', check: result.check })
    const verdict = addSweep(held, result)
    return verdict.outcome === 'violated' ? verdict : await next(verdict)
  } finally {
    // The variants have restored the settings, unless there are none or their preparation was aborted.
    if (!hasSettings(sandbox, request)) await restoreSettings(sandbox, request)
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

/** Whether every instance has the settings of the run. The variants have other files for their data. */
function hasSettings(sandbox: Sandbox, request: RunRequest): boolean {
  const { system, runtime } = sandbox
  const environments = shopEnvironments(request, system, runtime)
  return system.topology.instances.every((instance) => {
    const { name } = instance
    const changing = Object.fromEntries(variablesOfRun(system, instance).map((key) => [key, '']))
    return isDeepStrictEqual(
      { ...sandbox.environmentOf(name), ...changing },
      { ...environments[name], ...changing },
    )
  })
}

/** The sweep ran the shop with short timers. Restores the settings of the run; the data stay. */
async function restoreSettings(sandbox: Sandbox, request: RunRequest): Promise<void> {
  const { system, runtime, supervision, journal } = sandbox
  const { topology } = system
  await supervision.release()
  const environments = shopEnvironments(request, system, runtime)
  try {
    await restartAll(runtime, {
      by: 'scenario',
      topology,
      environments: Object.fromEntries(
        topology.instances.map((instance) => {
          const { name } = instance
          return [name, { ...environments[name], ...filesOf(sandbox, instance) }]
        }),
      ),
    })
  } catch (error) {
    journal.note('error', `The ${system.name} did not restart after the sweep: ${messageOf(error)}`)
  }
}

/** The variables with which the instance runs now and that name its files: they belong to the data in the stores. */
function filesOf(sandbox: Sandbox, instance: Instance): Environment {
  const now = sandbox.environmentOf(instance.name)
  return Object.fromEntries(
    variablesOfRun(sandbox.system, instance).flatMap((key) => {
      const value = now[key]
      return value === undefined ? [] : [[key, value]]
    }),
  )
}
