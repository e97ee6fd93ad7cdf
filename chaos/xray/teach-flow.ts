import type { Flow, FlowRun } from '#chaos/contracts/system/flow.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { openFlowSource } from './flow-source.ts'
import type { XraySandbox } from './xray-sandbox.ts'

const plainRuns = 4
/** How long no run is in progress, to learn what changes by itself. */
const idleMs = 2_000

/**
 * Runs the flow without a fault, alone, and then with the same id sent twice, so that it learns its effect. A flow with a judge
 * of its own is returned as it is. Throws when a client receives no success response.
 */
export async function teachFlow(sandbox: XraySandbox, flow: Flow, clock: Clock): Promise<Flow> {
  const { learning } = flow
  if (learning === undefined || learning.learned !== undefined) return flow
  await sandbox.warm()
  const idle = await readIdle(sandbox, flow, clock)
  const plain: FlowRun[] = []
  for (let i = 0; i < plainRuns; i++) plain.push(succeeded(await sandbox.observe(flow)))
  const twice = 'requests' in flow.start ? [await sandbox.observe(sentTwice(flow))] : []
  return learning.learn({ plain, idle, twice })
}

async function readIdle(
  sandbox: XraySandbox,
  flow: Flow,
  clock: Clock,
): Promise<{ before: unknown; after: unknown }> {
  await using source = openFlowSource(sandbox, flow)
  const before = await source.read('')
  await clock.sleep(idleMs, sandbox.setup.signal)
  return { before, after: await source.read('') }
}

function succeeded(run: FlowRun): FlowRun {
  if (run.ack.outcome === 'ok') return run
  const seen = run.ack.attempts.map(({ result }) => result).join(', then ')
  throw new Error(
    `The flow fails without a fault: the client received ${seen || 'nothing'}. No cell was run.`,
  )
}

function sentTwice(flow: Flow): Flow {
  if ('begin' in flow.start) return flow
  return { ...flow, start: { ...flow.start, attempts: (flow.start.attempts ?? 1) + 1 } }
}
