import type { SandboxEvent } from '#chaos/contracts/events.ts'

import type { TraceIds } from './trace-ids.ts'

export interface TelemetryConfig {
  /** Base address of an OTLP receiver. Undefined: the controller exports no spans. */
  readonly endpoint: string | undefined
  /** Serve the metrics about faults on a port of its own. */
  readonly metrics: boolean
}

export interface TelemetryParts {
  readonly config: TelemetryConfig
  readonly ids: TraceIds
  readonly slot: number
  /** Of the metrics. */
  readonly host: string
  readonly port: number
  readonly subscribe: (listener: (event: SandboxEvent) => void) => () => void
}

/** Exports what happens in the sandbox, until it is disposed. What is off loads no package. */
export async function openTelemetry(parts: TelemetryParts): Promise<AsyncDisposable> {
  const { config, ids, slot, subscribe } = parts
  await using opened = new AsyncDisposableStack()
  if (config.endpoint !== undefined) {
    const { createSpanSender } = await import('./span-sender.ts')
    const { createSpansOfEvents } = await import('./spans-of-events.ts')
    const sender = opened.use(
      createSpanSender(config.endpoint, { service: 'unhappy-chaos', sandbox: slot }),
    )
    const spans = createSpansOfEvents(ids)
    opened.defer(
      subscribe((event) => {
        for (const span of spans.read(event)) sender.send(span)
      }),
    )
  }
  if (config.metrics) {
    const { createFaultMetrics } = await import('./fault-metrics.ts')
    const { serveMetrics } = await import('./serve-metrics.ts')
    const metrics = createFaultMetrics()
    opened.use(await serveMetrics(metrics, parts))
    opened.defer(subscribe((event) => metrics.read(event)))
  }
  return opened.move()
}
