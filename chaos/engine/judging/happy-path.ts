import { judgeExpectations } from '#chaos/checks/lib/judge-expectations.ts'
import { tellStory } from '#chaos/checks/story/tell-story.ts'
import type { RunFacts } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { CheckResult, MachineRecord, Verdict } from '#chaos/contracts/verdict.ts'

import { whyBusy } from '../machine/busy-machine.ts'
import { watchMachine } from '../machine/watch-machine.ts'
import { prepareUnlessSlow } from '../run/prepare-unless-slow.ts'
import { readTruth } from '../run/read-truth.ts'
import type { RunRequest } from '../run/run-request.ts'
import { runSteadyState } from '../run/steady-state.ts'
import { waitUntilSettled } from '../run/wait-until-settled.ts'
import type { Sandbox } from '../sandbox.ts'
import { completeEvidence } from './complete-evidence.ts'
import { createVerdict, inconclusiveVerdict, noDoubts } from './judge-run.ts'

export interface FailedHappyPath {
  readonly operations: readonly Operation[]
  readonly trouble: string
  readonly epochMs: number
  readonly began: Pick<RunFacts, 'zeroMs' | 'workloadStartedAt' | 'loadFromMs'>
  readonly durationMs: number
  readonly events: readonly SandboxEvent[]
  readonly machine: MachineRecord
}

/**
 * The verdict of a run whose happy path failed: before any fault. Either the judged code or the machine is the cause. The
 * system's own code decides: it gets the same load on the same machine, and then the judged code once more. `violated` needs
 * the judged code to fail twice, with a success of the system's own code in between. Code that fails now and then gets two
 * chances to fail again. A false response is a violation on any machine.
 */
export async function judgeHappyPath(
  sandbox: Sandbox,
  request: RunRequest,
  failed: FailedHappyPath,
  tryAgain: typeof runHappyPath = runHappyPath,
): Promise<Verdict> {
  const { journal, system } = sandbox
  const { name } = system
  const untrue = await falseResponses(sandbox, request, failed)
  if (untrue !== undefined) return publish(sandbox, untrue)
  if (request.exercise === undefined) return inconclusiveVerdict(failed.trouble)
  const busy = whyBusy(failed.machine)
  if (busy !== undefined) return inconclusiveVerdict(`${failed.trouble} ${busy}`)
  journal.note('info', `The happy path failed. The ${name}'s own code now gets the same load.`)
  const { exercise: _judged, ...own } = request
  const { epochMs } = failed
  let trouble: string | null = null
  for (let attempt = 1; trouble === null && attempt <= furtherAttempts; attempt++) {
    const ofOwn = await tryAgain(sandbox, own, epochMs)
    if (ofOwn.trouble !== null)
      return inconclusiveVerdict(
        `The happy path also failed with the ${name}'s own code, so this machine is too busy. ${ofOwn.trouble}`,
      )
    const again = await tryAgain(sandbox, request, epochMs)
    const busyNow = whyBusy(again.machine)
    if (busyNow !== undefined) return inconclusiveVerdict(`${failed.trouble} ${busyNow}`)
    ;({ trouble } = again)
  }
  if (trouble === null)
    return inconclusiveVerdict(
      `The happy path failed once and then worked ${furtherAttempts} times, so this machine may be too busy. ${failed.trouble}`,
    )
  const check: CheckResult = {
    name: 'happy-path',
    title: 'the happy path works',
    outcome: 'violated',
    summary: `${failed.trouble} With the ${name}'s own code, the same load works.`,
    offenders: [
      {
        id: 'the happy path',
        expected: `as with the ${name}'s own code: it works`,
        actual: trouble,
      },
    ],
    offendersTotal: 1,
  }
  return publish(sandbox, createVerdict([check], noDoubts, system.checks))
}

const furtherAttempts = 2
const settleLimitMs = 5_000

/** The happy path once more: why it does not work (null: it works), and what it got from the machine. */
async function runHappyPath(
  sandbox: Sandbox,
  request: RunRequest,
  epochMs: number,
): Promise<Pick<FailedHappyPath, 'machine'> & { readonly trouble: string | null }> {
  const slow = await prepareUnlessSlow(sandbox, request)
  if (slow !== undefined) return { trouble: slow.why, machine: slow.machine }
  await using machine = await watchMachine(sandbox)
  const { trouble } = await runSteadyState(sandbox, request, epochMs, [])
  // An instance that its own code has ended must be back before the run ends.
  if (trouble !== null) await waitUntilSettled(sandbox, settleLimitMs, request.signal)
  return { trouble, machine: await machine.soFar() }
}

/** A verdict if a response of the happy path was false. */
async function falseResponses(
  sandbox: Sandbox,
  { scenario, signal }: RunRequest,
  { operations, began, durationMs, events }: FailedHappyPath,
): Promise<Verdict | undefined> {
  const read = await readTruth(sandbox, operations, signal)
  if (typeof read === 'string') return undefined
  const { system } = sandbox
  const evidence = completeEvidence(system, {
    operations,
    steadyOperations: operations,
    ...read,
    journal: events,
    ...began,
    faultsFromMs: durationMs,
    faultsToMs: durationMs,
    recoveredAfterMs: null,
    durationMs,
    environment: scenario.shop.environment,
  })
  const checks: readonly CheckResult[] = judgeExpectations(
    evidence,
    (system.alwaysJudged ?? []).map((check) => ({ check, params: {} })),
    system.checks,
  )
  const violated = checks.filter(({ outcome }) => outcome === 'violated')
  return violated.length === 0
    ? undefined
    : createVerdict(violated, noDoubts, system.checks, tellStory(evidence, violated, system))
}

function publish({ journal }: Sandbox, verdict: Verdict): Verdict {
  for (const check of verdict.checks) journal.publish({ type: 'check', check })
  return verdict
}
