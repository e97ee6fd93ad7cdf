import type { Disturbance, DisturbedRun, Flow } from '#chaos/contracts/system/flow.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { idleRestart, restartEvery, slowReplies } from '../disturbance.ts'
import { openFlowSource } from '../flow-source.ts'
import type { ObservedFlow } from '../observe-flow.ts'
import type { XraySandbox } from '../xray-sandbox.ts'

const plainRuns = 4
/** The first ones take their whole time. Later ones end when they have the effect of these. */
const wholeRuns = 2
/** How long no run is in progress, to learn what changes by itself. */
const idleMs = 2_000

/** How many runs teach this flow. */
export function lessonsOf(flow: Flow): number {
  const { learning } = flow
  if (learning === undefined || learning.learned !== undefined) return 0
  return plainRuns + disturbancesOf(flow).length
}

/** The runs after the restart warm the new processes up. */
function disturbancesOf({ start }: Flow): readonly Disturbance[] {
  return 'requests' in start
    ? ['idle-restart', 'same-id-twice', 'slow-replies']
    : ['idle-restart', 'slow-replies']
}

export interface TaughtFlow {
  readonly flow: Flow
  /** What it is when further runs without a fault teach it, too. */
  taughtBy(further: readonly ObservedFlow[]): Flow
}

/**
 * Runs the flow without a fault, alone, and then with harmless disturbances, so that it learns its effect. A flow with a judge of
 * its own is returned as it is. Calls `begin` before each run. Throws when a client receives no success response.
 */
export async function teachFlow(
  sandbox: XraySandbox,
  flow: Flow,
  clock: Clock,
  begin: () => void,
): Promise<TaughtFlow> {
  const { learning } = flow
  if (learning === undefined || learning.learned !== undefined)
    return { flow, taughtBy: () => flow }
  await sandbox.warm()
  const idle = await readIdle(sandbox, flow, clock)
  const plain: ObservedFlow[] = []
  for (let i = 0; i < plainRuns; i++) {
    const known = i < wholeRuns ? flow : learning.learn({ plain, idle, disturbed: [] })
    begin()
    plain.push(succeeded(await sandbox.observe(known)))
  }
  const disturbed = await disturbedRuns(sandbox, flow, plain, begin)
  const taughtBy: TaughtFlow['taughtBy'] = (further) =>
    learning.learn({ plain: [...plain, ...further], idle, disturbed })
  return { flow: taughtBy([]), taughtBy }
}

/** Runs whose client received no success response are left out: that disturbance was not harmless. */
async function disturbedRuns(
  sandbox: XraySandbox,
  flow: Flow,
  plain: readonly ObservedFlow[],
  begin: () => void,
): Promise<readonly DisturbedRun[]> {
  const [longest] = plain.toSorted((a, b) => b.exchanges.length - a.exchanges.length)
  const timeoutMs = 'begin' in flow.start ? undefined : flow.start.timeoutMs
  const runs: DisturbedRun[] = []
  for (const by of disturbancesOf(flow)) {
    begin()
    const disturb = {
      'idle-restart': idleRestart(sandbox),
      'same-id-twice': undefined,
      'slow-replies': slowReplies(sandbox, longest?.exchanges ?? [], timeoutMs),
    }[by]
    const disturbed = by === 'same-id-twice' ? sentTwice(flow) : flow
    runs.push({ by, run: await sandbox.observe(disturbed, undefined, disturb && { disturb }) })
  }
  return runs.filter(({ run }) => run.ack.outcome === 'ok')
}

async function readIdle(
  sandbox: XraySandbox,
  flow: Flow,
  clock: Clock,
): Promise<{ before: unknown; after: unknown }> {
  await using source = openFlowSource(sandbox, flow)
  const before = await source.read('')
  await clock.sleep(idleMs, sandbox.setup.signal)
  if (sandbox.sandbox.system.adopted === true) {
    // Rows that a process writes when it starts belong to no run.
    await restartEvery(sandbox)
    sandbox.restarted()
    await clock.sleep(idleMs, sandbox.setup.signal)
  }
  return { before, after: await source.read('') }
}

function succeeded(run: ObservedFlow): ObservedFlow {
  if (run.ack.outcome === 'ok') return run
  const seen = run.ack.attempts.map(({ result }) => result).join(', then ')
  throw new InputError(
    `The flow fails without a fault: the client received ${seen || 'nothing'}. No cell was run.`,
    {
      remedy:
        'Send the same requests yourself, then correct method, path, body and to in the flow file. If a status is a success here, name it under success.',
    },
  )
}

function sentTwice(flow: Flow): Flow {
  if ('begin' in flow.start) return flow
  return { ...flow, start: { ...flow.start, attempts: (flow.start.attempts ?? 1) + 1 } }
}
