import type { InspectionHost } from '../../plane/inspector.ts'
import type { InspectorToxicContext } from './toxic-kind.ts'

/** The part of a toxic's context that its inspector needs. */
export type InspectorContext = Pick<InspectorToxicContext<unknown>, 'timers' | 'touch'>

/** What an inspector of a toxic needs from the data plane. A trap that springs counts as touched. */
export function inspectionHost(context: InspectorContext): InspectionHost {
  return {
    setInspected: () => {},
    links: () => [],
    silenceAll: () => () => {},
    emit: (event) => {
      if (event.type === 'trap' && event.what === 'sprung') context.touch()
    },
    now: () => context.timers.now(),
    after: (delayMs, run) => {
      const timer = context.timers.at(context.timers.now() + delayMs, run)
      return () => timer.cancel()
    },
  }
}
