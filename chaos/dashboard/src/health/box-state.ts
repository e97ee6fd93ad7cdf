import type { ActiveFault } from '../../../contracts/fault.ts'
import type { InstanceStatus } from '../../../contracts/runtime.ts'

/** The state of a process: words and a look. It says nothing about the requests that the process serves. */
export interface BoxState {
  readonly text: string
  readonly look: '' | 'unsure' | 'paused' | 'unready' | 'planned' | 'dead'
}

/**
 * `known`: the states of processes are current. A process that a fault or a user has stopped on purpose is not an alarm: only
 * one that has ended by itself, or was killed, is.
 */
export function boxState(
  status: Pick<InstanceStatus, 'name' | 'state' | 'restarts'> | undefined,
  known: boolean,
  faults: readonly Pick<ActiveFault, 'kind' | 'targets'>[],
): BoxState {
  if (status === undefined) return { text: '…', look: '' }
  if (!known) return { text: '? unknown', look: 'unsure' }
  const fault = faults.find(({ targets }) => targets.includes(status.name))?.kind
  switch (status.state) {
    case 'ready':
      return {
        text: status.restarts > 0 ? `running, ↻ ${status.restarts}` : 'running',
        look: '',
      }
    case 'paused':
      return { text: '❚❚ paused', look: 'paused' }
    case 'starting':
      return isPlanned(fault)
        ? { text: `◌ ${fault}: starting`, look: 'planned' }
        : { text: '◌ starting', look: 'unready' }
    case 'unready':
      return { text: '◍ not ready', look: 'unready' }
    case 'absent':
      return { text: fault === undefined ? '○ stopped' : `○ stopped: ${fault}`, look: 'planned' }
    case 'exited':
      return isPlanned(fault)
        ? { text: `○ stopped: ${fault}`, look: 'planned' }
        : { text: '✕ not running', look: 'dead' }
  }
}

/** These faults stop a process as an operator does. */
function isPlanned(fault: string | undefined): fault is string {
  return fault === 'restart' || fault === 'deploy' || fault === 'stop'
}
