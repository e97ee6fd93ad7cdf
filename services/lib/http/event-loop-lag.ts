import { monitorEventLoopDelay } from 'node:perf_hooks'

import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

export type EventLoopMonitor = Pick<
  ReturnType<typeof monitorEventLoopDelay>,
  'enable' | 'disable' | 'reset' | 'count' | 'min' | 'max' | 'mean' | 'stddev' | 'percentile'
>

const resolutionMs = 10
const keptForMs = 60_000

const figures: Readonly<Record<string, (monitor: EventLoopMonitor) => number>> = {
  min: (monitor) => monitor.min,
  max: (monitor) => monitor.max,
  mean: (monitor) => monitor.mean,
  stddev: (monitor) => monitor.stddev,
  p50: (monitor) => monitor.percentile(50),
  p90: (monitor) => monitor.percentile(90),
  p99: (monitor) => monitor.percentile(99),
}

/**
 * Replaces prom-client's metrics of the event loop's delay: the same names, but measured only while
 * a client reads them. The measurement wakes the process a hundred times a second, which costs 0.4
 * % of a core. It begins with the first read, whose figures are NaN, and ends a minute after the
 * last one.
 */
export function measureEventLoopLagOnDemand(
  registry: Registry,
  monitor: EventLoopMonitor = monitorEventLoopDelay({ resolution: resolutionMs }),
): void {
  let end: NodeJS.Timeout | undefined
  const keepMeasuring = (): void => {
    monitor.enable()
    clearTimeout(end)
    end = setTimeout(() => {
      monitor.disable()
      monitor.reset()
    }, keptForMs).unref()
  }
  const last = Object.keys(figures).at(-1)
  for (const [figure, read] of Object.entries(figures)) {
    const name = `nodejs_eventloop_lag_${figure}_seconds`
    registry.removeSingleMetric(name)
    const gauge: Gauge = new Gauge({
      name,
      help: `Delay of the event loop since the previous read: ${figure}.`,
      registers: [registry],
      collect: () => {
        gauge.set(monitor.count === 0 ? Number.NaN : read(monitor) / 1e9)
        if (figure !== last) return
        monitor.reset()
        keepMeasuring()
      },
    })
  }
}
