import type { Environment, InstanceRequest, KillRequest } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { NamedQueues } from '#chaos/lib/named-queues.ts'

import { createStartDeadline } from '../start-deadline.ts'
import { startFailure } from '../start-failure.ts'
import { ignoreStatuses } from './engine/connect-engine.ts'
import type { Container, ContainerInspection } from './engine/connect-engine.ts'
import { readContainerTime } from './engine/container-times.ts'
import { exitOf } from './engine/exit-of.ts'
import { lastLines } from './engine/logs.ts'
import type { Project } from './project.ts'
import type { IsReady } from './readiness.ts'
import { toShell, writeSettings } from './settings.ts'
import type { Purpose, Tracker } from './tracker.ts'
import { within } from './within.ts'

export interface StartStop {
  start(name: string, request: InstanceRequest & { environment?: Environment }): Promise<void>
  stop(name: string, request: InstanceRequest & { graceMs: number }): Promise<void>
  kill(name: string, request: KillRequest): Promise<void>
}

export interface StartStopParts {
  readonly project: Project
  readonly tracker: Tracker
  readonly isReady: IsReady
  readonly clock: Clock
  readonly queues: NamedQueues
  /** Called when the container runs, before the instance is ready. */
  readonly started: (name: string) => Promise<void>
  /** Resumes the instance if it is paused: the engine refuses to end a paused container. */
  readonly endPause: (name: string, request: InstanceRequest) => Promise<void>
  /** Kills the first process of a container. Absent: the engine does, and its restart policy does not count. */
  readonly crash?: (container: Container, inspection: ContainerInspection) => Promise<void>
}

const probeIntervalMs = 50

export function createStartStop(parts: StartStopParts): StartStop {
  const { queues, endPause } = parts
  /** The environment of each instance's last start; absent: its defaults. */
  const startedWith = new Map<string, string>()
  const kill = async (name: string, request: KillRequest): Promise<void> => {
    await endPause(name, request)
    const { crash } = parts
    await end(name, request, parts, async (container, inspection) => {
      if (crash === undefined) await container.kill()
      else await crash(container, inspection)
    })
  }
  return {
    start: async (name, request) => {
      request.signal?.throwIfAborted()
      const launched = await queues(name, async () => {
        const { environment } = request
        // It may have waited here for the end of another request.
        request.signal?.throwIfAborted()
        if ((await parts.project.inspect(name)).State.Running) {
          const before = startedWith.get(name) ?? ''
          if (environment === undefined || toShell(environment) === before) return undefined
          // Another caller started it first, with the settings of the last run.
          await kill(name, request)
        }
        if (environment !== undefined) {
          await writeSettings(parts.project, name, environment)
          startedWith.set(name, toShell(environment))
        }
        return await launch(name, request, parts)
      })
      await untilReady(name, request, parts)
      await launched?.prepared
      // The engine or a user may have started it first: then its listeners do not know yet that it is ready.
      if (launched !== undefined || parts.tracker.of(name).owesReady)
        parts.tracker.ready(name, request.by)
    },
    stop: async (name, request) =>
      await queues(name, async () => {
        await endPause(name, request)
        await end(name, request, parts, async (container, inspection) => {
          const { StopSignal: stopSignal = 'SIGTERM' } = inspection.Config as ConfigWithSignal
          // The engine counts the grace period in whole seconds. Other values are measured here.
          if (request.graceMs % 1_000 === 0)
            return await container.stop({ t: request.graceMs / 1_000 })
          await container.kill({ signal: stopSignal })
          await within(request.graceMs, container.wait(), parts.clock)
          await ignoreStatuses([409], container.kill())
        })
      }),
    kill: async (name, request) => await queues(name, async () => await kill(name, request)),
  }
}

/** Starts the container. `prepared` may still be pending when the instance becomes ready. */
async function launch(
  name: string,
  request: InstanceRequest,
  { project, tracker, started }: StartStopParts,
): Promise<{ readonly prepared: Promise<void> }> {
  const expected = tracker.expect(name, 'start', request.by)
  try {
    await (await project.container(name)).start()
  } catch (error) {
    expected.cancel()
    throw error
  }
  await expected.happened()
  const prepared = started(name)
  // If the instance has ended already, its own error is more useful.
  prepared.catch(() => undefined)
  return { prepared }
}

function purposeOf(request: KillRequest): Purpose | undefined {
  if ('graceMs' in request) return 'stop'
  return request.planned === true ? 'planned' : undefined
}

type Ending = (container: Container, inspection: ContainerInspection) => Promise<unknown>
/** The types of dockerode lack it. */
type ConfigWithSignal = { readonly StopSignal?: string }

async function end(
  name: string,
  request: KillRequest,
  { project, tracker }: StartStopParts,
  how: Ending,
): Promise<void> {
  const inspection = await project.inspect(name)
  const purpose = purposeOf(request)
  if (!inspection.State.Running) return tracker.keepDown(name, request.by, purpose)
  const container = await project.container(name)
  const expected = tracker.expect(name, 'die', request.by, purpose)
  try {
    // 304 and 409: it has ended in the meantime.
    await ignoreStatuses([304, 409], how(container, inspection))
  } catch (error) {
    expected.cancel()
    throw error
  }
  // A container that the engine restarts counts as running: only the event says that it has ended.
  if (purpose !== undefined || !restartsByItself(inspection))
    await container.wait({ condition: 'not-running' })
  await expected.happened()
}

/** The engine starts the container again when it crashes. */
function restartsByItself({ HostConfig }: ContainerInspection): boolean {
  return !['', 'no'].includes(HostConfig.RestartPolicy?.Name ?? '')
}

async function untilReady(
  name: string,
  request: InstanceRequest,
  parts: StartStopParts,
): Promise<void> {
  const { project, clock } = parts
  const deadline = createStartDeadline({
    instance: name,
    clock,
    progress: async () => {
      const times = await readContainerTime(project, name)
      return times === undefined ? {} : { cpuMs: times.usedMs }
    },
  })
  while (!(await parts.isReady(name))) {
    const { State } = await project.inspect(name)
    if (!State.Running)
      throw startFailure(name, exitOf(State.ExitCode), await lastLines(project, name))
    await deadline.check()
    await clock.sleep(probeIntervalMs, request.signal)
  }
}
