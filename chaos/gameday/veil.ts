import type { SandboxView } from '#chaos/contracts/api.ts'
import type { EventPayload } from '#chaos/contracts/events.ts'
import type { InstanceState } from '#chaos/contracts/runtime.ts'

/**
 * What a learner sees of an event while an incident may be there. An instance reports only what an operator would see from
 * outside: that it does not respond, or that it ended. Other events of hidden faults do not reach the journal.
 */
export function veilEvent(payload: EventPayload): EventPayload {
  if (payload.type !== 'instance') return payload
  const { detail, ...event } = payload
  const state = veilState(payload.state)
  if (payload.by !== 'scenario')
    return { ...event, state, ...(detail === undefined ? {} : { detail }) }
  return { ...event, state, by: 'itself' }
}

/** A frozen process does not say that it is frozen. */
export function veilState(state: InstanceState): InstanceState {
  return state === 'paused' ? 'unready' : state
}

/** The same for the state of the sandbox. */
export function veilView(view: SandboxView): SandboxView {
  const instances = view.instances.map((one) => ({ ...one, state: veilState(one.state) }))
  return { ...view, instances, hidesIncidents: true }
}
