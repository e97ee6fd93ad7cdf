import { monitorEventLoopDelay } from 'node:perf_hooks'

import type { Sandbox } from '../sandbox.ts'
import { readDelays } from './read-delays.ts'
import { recordMachine } from './record-machine.ts'
import type { MachineRecording } from './record-machine.ts'

const resolutionMs = 20

/** Records the machine of a run, in every runtime. */
export async function watchMachine(
  sandbox: Pick<Sandbox, 'system' | 'runtime' | 'journal' | 'clock'>,
): Promise<MachineRecording> {
  const { system, runtime, journal, clock } = sandbox
  await using stack = new AsyncDisposableStack()
  const pids = new Map<string, number>()
  const limitedByFault = new Set<string>()
  let linksHadFault = false
  const unsubscribe = journal.subscribe((event) => {
    if (event.type === 'instance' && event.pid !== undefined) pids.set(event.instance, event.pid)
    if (event.type !== 'fault') return
    // The fault itself makes their timers late.
    if (event.fault.targets.includes('links')) linksHadFault = true
    if (event.fault.kind === 'cpu-limit')
      for (const name of event.fault.targets) limitedByFault.add(name)
  })
  stack.defer(unsubscribe)
  // A container's pid means nothing here.
  const isLocal = runtime.kind === 'local'
  for (const { name, pid } of isLocal ? await runtime.status() : [])
    if (pid !== undefined) pids.set(name, pid)
  const loop = monitorEventLoopDelay({ resolution: resolutionMs })
  loop.enable()
  stack.defer(() => void loop.disable())
  const recording = recordMachine({
    clock,
    pids: () => (isLocal ? [process.pid, ...pids.values()] : undefined),
    ...(runtime.containerTimes === undefined
      ? {}
      : { containers: async () => (await runtime.containerTimes?.()) ?? [] }),
    limitedByFault: () => limitedByFault,
    delays: async () => {
      const { instances, linksMs } = await readDelays(system.topology, runtime.addresses)
      return { instances, ...(linksHadFault || linksMs === undefined ? {} : { linksMs }) }
    },
    loopDelayMs: () => Math.max(0, Math.round(loop.max / 1e6) - resolutionMs),
  })
  stack.use(recording)
  const parts = stack.move()
  return {
    soFar: recording.soFar,
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}
