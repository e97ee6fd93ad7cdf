import type { Sandbox } from '../sandbox.ts'
import { recordMachine } from './record-machine.ts'
import type { MachineRecording } from './record-machine.ts'

/** Records the machine of a run. The processes in containers are not visible from here: then only throttling and timers count. */
export async function watchMachine({
  runtime,
  journal,
  clock,
}: Pick<Sandbox, 'runtime' | 'journal' | 'clock'>): Promise<MachineRecording> {
  if (runtime.kind !== 'local') return recordMachine({ clock, pids: () => undefined })
  const pids = new Map<string, number>()
  const end = journal.subscribe((event) => {
    if (event.type === 'instance' && event.pid !== undefined) pids.set(event.instance, event.pid)
  })
  for (const { name, pid } of await runtime.status()) if (pid !== undefined) pids.set(name, pid)
  const recording = recordMachine({ clock, pids: () => [process.pid, ...pids.values()] })
  return {
    soFar: recording.soFar,
    async [Symbol.asyncDispose]() {
      end()
      await recording[Symbol.asyncDispose]()
    },
  }
}
