import type { InstanceState, InstanceStatus, SeamReport } from '#chaos/contracts/runtime.ts'
import { withProfiles } from '#chaos/contracts/topology.ts'

import { dataPlane } from '../project.ts'
import type { Project } from '../project.ts'
import type { IsReady } from '../readiness.ts'
import type { Remembered, Tracker } from '../tracker.ts'
import type { ContainerInspection } from './connect-engine.ts'
import { exitOf } from './exit-of.ts'

export interface StatusParts {
  readonly project: Project
  /** The profiles that are on. */
  readonly on: readonly string[]
  readonly tracker: Tracker
  readonly isReady: IsReady
  readonly seamsOf: (instance: string) => Promise<readonly SeamReport[] | undefined>
}

/** The state of every instance, from the engine and from the instance itself. */
export async function readStatuses(parts: StatusParts): Promise<readonly InstanceStatus[]> {
  const { instances, stores } = withProfiles(parts.project.topology, parts.on)
  const entries = [
    ...instances.map(({ name }) => ({ name, kind: 'service' as const })),
    ...stores.map(({ name }) => ({ name, kind: 'store' as const })),
    { name: dataPlane, kind: 'proxy' as const },
  ]
  return await Promise.all(
    entries.map(async ({ name, kind }) => await readStatus(name, kind, parts)),
  )
}

async function readStatus(
  name: string,
  kind: InstanceStatus['kind'],
  { project, tracker, isReady, seamsOf }: StatusParts,
): Promise<InstanceStatus> {
  const memory = tracker.of(name)
  const inspection = await project.find(name)
  if (inspection === undefined) return { name, kind, state: 'absent', restarts: memory.restarts }
  const { State } = inspection
  const runs = State.Running && !State.Paused
  const answers = runs && (await isReady(name))
  if (answers) memory.wasReady = true
  const seams = answers && kind === 'service' ? await seamsOf(name) : undefined
  return {
    name,
    kind,
    state: containerState(inspection, memory, answers),
    restarts: memory.restarts,
    ...(State.Running ? { pid: State.Pid, startedAt: State.StartedAt } : {}),
    ...(State.Running || State.Status === 'created' ? {} : { lastExit: exitOf(State.ExitCode) }),
    ...(seams === undefined ? {} : { seams }),
  }
}

/** The state of an instance, from the engine's report and whether the instance answers its readiness probe. */
export function containerState(
  { State }: Pick<ContainerInspection, 'State'>,
  memory: Pick<Remembered, 'wasReady' | 'stoppedOnPurpose'>,
  answers: boolean,
): InstanceState {
  if (State.Paused) return 'paused'
  if (State.Running) return answers ? 'ready' : memory.wasReady ? 'unready' : 'starting'
  return State.Status === 'created' || memory.stoppedOnPurpose ? 'absent' : 'exited'
}
