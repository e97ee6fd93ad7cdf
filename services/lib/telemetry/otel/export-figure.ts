import type { Meter } from '@opentelemetry/api'

import type { Figure } from '../telemetry.ts'

/** Reads the figure whenever metrics are exported. */
export function exportFigure(meter: Meter, figure: Figure): void {
  const { name, help, kind } = figure
  const options = { description: help }
  const instrument =
    kind === 'counter'
      ? meter.createObservableCounter(name, options)
      : meter.createObservableGauge(name, options)
  instrument.addCallback(async (result) => {
    for (const { value, attributes } of await figure.read()) result.observe(value, attributes)
  })
}
