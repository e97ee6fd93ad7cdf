import type { Environment, InstanceOrder } from '../../contracts/runtime.ts'
import type { Clock } from '../../lib/clock.ts'
import { unless } from './engine.ts'
import type { Container } from './engine.ts'
import type { Project } from './project.ts'
import type { ReadinessProbe } from './readiness.ts'
import { writeSettings } from './settings.ts'
import { startFailure } from './start-failure.ts'
import type { Tracker } from './tracker.ts'

export interface StartStop {
  start(name: string, order: InstanceOrder & { environment?: Environment }): Promise<void>
  stop(name: string, order: InstanceOrder & { graceMs: number }): Promise<void>
  kill(name: string, order: InstanceOrder): Promise<void>
}

export interface StartStopParts {
  readonly project: Project
  readonly tracker: Tracker
  readonly isReady: ReadinessProbe
  readonly clock: Clock
  /** Called when the container runs, before it is ready. */
  readonly started: (name: string) => Promise<void>
  /** Ends a pause, if there is one: the engine refuses to end a frozen container. */
  readonly thaw: (name: string, order: InstanceOrder) => Promise<void>
}

const readyWithinMs = 30_000
const probeIntervalMs = 50

export function createStartStop(parts: StartStopParts): StartStop {
  const { project, tracker, thaw } = parts
  return {
    start: async (name, order) => {
      order.signal?.throwIfAborted()
      if ((await project.inspect(name)).State.Running) return await untilReady(name, order, parts)
      if (order.environment !== undefined) await writeSettings(project, name, order.environment)
      const expected = tracker.expect(name, 'start', order.by)
      try {
        await (await project.container(name)).start()
      } catch (error) {
        expected.cancel()
        throw error
      }
      await expected.happened()
      const prepared = parts.started(name)
      // When the instance has ended already, that is the better message.
      prepared.catch(() => undefined)
      await untilReady(name, order, parts)
      await prepared
      tracker.ready(name, order.by)
    },
    stop: async (name, order) => {
      await thaw(name, order)
      await end(name, order, parts, async (container, stopSignal) => {
        // The engine counts in seconds; a shorter grace is ours to keep.
        if (order.graceMs % 1_000 === 0) return await container.stop({ t: order.graceMs / 1_000 })
        await container.kill({ signal: stopSignal })
        const grace = new AbortController()
        await Promise.race([
          container.wait(),
          parts.clock.sleep(order.graceMs, grace.signal).catch(() => undefined),
        ])
        grace.abort()
        await unless([409], container.kill())
      })
    },
    kill: async (name, order) => {
      await thaw(name, order)
      await end(name, order, parts, async (container) => await container.kill())
    },
  }
}

type Ending = (container: Container, stopSignal: string) => Promise<unknown>

async function end(
  name: string,
  order: InstanceOrder,
  { project, tracker }: StartStopParts,
  how: Ending,
): Promise<void> {
  const inspection = await project.inspect(name)
  const purpose = 'graceMs' in order ? 'stop' : undefined
  if (!inspection.State.Running) {
    if (purpose === 'stop') tracker.of(name).stoppedOnPurpose = true
    return
  }
  const container = await project.container(name)
  const expected = tracker.expect(name, 'die', order.by, purpose)
  // 304 and 409: it has ended in the meantime.
  const { StopSignal = 'SIGTERM' } = inspection.Config as { StopSignal?: string }
  try {
    // 304 and 409: it has ended in the meantime.
    await unless([304, 409], how(container, StopSignal))
  } catch (error) {
    expected.cancel()
    throw error
  }
  await container.wait({ condition: 'not-running' })
  await expected.happened()
}

async function untilReady(
  name: string,
  order: InstanceOrder,
  parts: StartStopParts,
): Promise<void> {
  const { project, clock } = parts
  const deadline = clock.now() + readyWithinMs
  while (!(await parts.isReady(name))) {
    const { State } = await project.inspect(name)
    if (!State.Running) throw await startFailure(project, name, State.ExitCode)
    if (clock.now() > deadline)
      throw new Error(`${name} runs but is not ready after ${readyWithinMs / 1_000} s.`)
    await clock.sleep(probeIntervalMs, order.signal)
  }
}
