import { localPort, metricsPortOffset } from '#chaos/contracts/ports.ts'
import { createSandbox } from '#chaos/engine/sandbox.ts'
import type { Sandbox, SandboxParts } from '#chaos/engine/sandbox.ts'
import { openTelemetry } from '#chaos/telemetry/open-telemetry.ts'
import type { TelemetryParts } from '#chaos/telemetry/open-telemetry.ts'
import { createTraceIds } from '#chaos/telemetry/trace-ids.ts'

export interface TracedSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox
}

/**
 * Its clients name their traces, and everything that happens in it is exported, if telemetry is on. That includes what happens
 * while it is disposed: the last faults heal then.
 */
export async function createTracedSandbox(
  parts: SandboxParts,
  exported: Pick<TelemetryParts, 'config' | 'host' | 'slot'>,
): Promise<TracedSandbox> {
  const ids = createTraceIds()
  const isOn = exported.config.endpoint !== undefined
  const sandbox = await createSandbox({
    ...parts,
    ...(isOn ? { traceparent: ids.traceparent } : {}),
  })
  // In a container the ports are always those of the first slot: only what Compose publishes moves.
  const slot = parts.runtime.kind === 'docker' ? 0 : exported.slot
  const port = localPort(slot, metricsPortOffset)
  const subscribe: TelemetryParts['subscribe'] = (listener) => sandbox.journal.subscribe(listener)
  await using disposables = new AsyncDisposableStack()
  disposables.use(sandbox)
  const telemetry = await openTelemetry({ ...exported, ids, port, subscribe })
  const created = disposables.move()
  return {
    sandbox,
    async [Symbol.asyncDispose]() {
      // The sandbox ends before what exports its events.
      await using _telemetry = telemetry
      await created.disposeAsync()
    },
  }
}
