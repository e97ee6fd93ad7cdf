import {
  controllerNow,
  getPageState,
  operationSamples,
  type PageState,
  updatePageState,
} from '../data/page-state.ts'
import { impactOf, impactWindowMs, resultOf } from './health.ts'

const everyMs = 500

/** Keeps `PageState.impact` current: silence changes it, too. The result stops it. */
export function watchImpact(): () => void {
  let sendingSince: number | null = null
  const judge = (): void => {
    const state = getPageState()
    const nowMs = controllerNow()
    const sends = sendsNow(state)
    sendingSince = sends ? (sendingSince ?? nowMs) : null
    const results = operationSamples
      .since(nowMs - impactWindowMs)
      .map(({ operation }) => resultOf(operation))
    const impact = impactOf(results, {
      sends,
      sinceMs: sendingSince === null ? 0 : nowMs - sendingSince,
      current: state.connection === 'live',
    })
    if (impact.text !== state.impact.text || impact.health !== state.impact.health)
      updatePageState({ impact })
  }
  const timer = setInterval(judge, everyMs)
  return () => clearInterval(timer)
}

/** Clients send requests all the time: traffic, or the load of a run. */
export function sendsNow({ sandbox, phase }: Pick<PageState, 'sandbox' | 'phase'>): boolean {
  if (sandbox === null) return false
  if (sandbox.run === null) return sandbox.traffic !== null
  return phase?.phase === 'steady-state' || phase?.phase === 'faults'
}
