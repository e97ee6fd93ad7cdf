import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { LabSweep } from '#chaos/contracts/lab.ts'
import { whyBusy } from '#chaos/engine/machine/busy-machine.ts'
import { watchMachine } from '#chaos/engine/machine/watch-machine.ts'
import type { Zero } from '#chaos/engine/run-zero.ts'
import type { SweepResult } from '#chaos/engine/run/run-request.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { takeBaseline } from '../fault-free/take-baseline.ts'
import { flowNamed } from '../flow-named.ts'
import { isBad, lookOf } from '../judging/cell-results.ts'
import { runCell } from '../run-cell.ts'
import { XraySandbox } from '../xray-sandbox.ts'
import { faultName } from './case-words.ts'
import {
  decideCase,
  isDecided,
  type JudgedCase,
  judgeLabSweep,
  runsMax,
  sweepNotRun,
} from './judge-lab-sweep.ts'
import { planLabSweep } from './plan-lab-sweep.ts'

export interface LabSweepRequest extends Pick<RunRequest, 'exercise' | 'folder' | 'id'> {
  readonly sweep: LabSweep
  /** Safety nets that are off in the lab. */
  readonly off: readonly string[]
  /** Profiles that are on in the lab. Absent: none. */
  readonly profiles?: readonly string[]
  /** How long cases may run. */
  readonly budgetMs: number
  readonly signal: AbortSignal
  /** The story of a violated case has the clock of the run. */
  readonly zero: Zero
}

/** A run with a fault that has not settled after this time is `stuck`: three runs must fit into one check. */
const patienceMs = 6_000

/**
 * Applies faults to each message that the judged code sends, in this sandbox, until a violation is
 * certain, all cases ran, or the time is over. Rejects only when the signal aborts.
 */
export async function sweepLab(sandbox: Sandbox, request: LabSweepRequest): Promise<SweepResult> {
  const { id, exercise, off, profiles = [], signal } = request
  const { system } = sandbox
  await using machine = await watchMachine(sandbox)
  await using xraySandbox = new XraySandbox(sandbox, {
    off,
    profiles,
    // The keys of the runs contain it, and a system may keep them longer than one check: no two checks may share it.
    tag: id.replaceAll(/[^\da-z]/g, '').slice(-12),
    patienceMs,
    signal,
    ...(exercise === undefined ? {} : { exercise }),
  })
  const judged: JudgedCase[] = []
  try {
    await xraySandbox.prepare()
    const { exchanges } = request.sweep
    const flow = flowNamed(system, request.sweep.flow)
    const { baseline } = await takeBaseline(xraySandbox, flow, sandbox.clock)
    const plan = planLabSweep(baseline.steps, { flow, exchanges })
    // The preparation does not count: on a busy machine no time would be left.
    const untilMs = sandbox.clock.now() + request.budgetMs
    for (const swept of plan.cases) {
      if (sandbox.clock.now() >= untilMs) break
      const cell = await runCell({
        sandbox: xraySandbox,
        flow,
        baseline,
        step: swept.step,
        column: swept.column,
        runs: runsMax,
        confirmOk: false,
        isDecided,
      })
      const decision = decideCase(cell, whyBusy(await machine.soFar()) !== undefined)
      judged.push({ swept, cell, decision })
      sandbox.journal.note(
        'info',
        `${faultName(swept)}: ${lookOf(cell.result, system.xray?.words?.meanings).meaning}`,
      )
      if (decision === 'violated') break
      // What a run without a clear result still does would be part of the next one.
      if (isBad(cell.result)) await xraySandbox.prepare()
    }
    return judgeLabSweep(plan, judged, system.xray?.words ?? {}, request.zero)
  } catch (error) {
    signal.throwIfAborted()
    return sweepNotRun(`The sweep did not run: ${messageOf(error)}`)
  } finally {
    const cells = judged.map(({ cell, decision }) => ({ ...cell, decision }))
    await writeFile(join(request.folder, 'sweep.json'), `${JSON.stringify(cells, null, 2)}\n`)
  }
}
