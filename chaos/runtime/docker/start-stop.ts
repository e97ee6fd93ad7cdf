import type { Environment, InstanceRequest } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import type { NamedQueues } from '#chaos/lib/named-queues.ts'

import { unless } from './engine/connect-engine.ts'
import type { Container } from './engine/connect-engine.ts'
import type { Project } from './project.ts'
import type { ReadinessProbe } from './readiness.ts'
import { toShell, writeSettings } from './settings.ts'
import { startFailure } from './start-failure.ts'
import type { Tracker } from './tracker.ts'

export interface StartStop {
  start(name: string, order: InstanceRequest & { environment?: Environment }): Promise<void>
  stop(name: string, order: InstanceRequest & { graceMs: number }): Promise<void>
  kill(name: string, order: InstanceRequest): Promise<void>
}

export interface StartStopParts {
  readonly project: Project
  readonly tracker: Tracker
  readonly isReady: ReadinessProbe
  readonly clock: Clock
  readonly queues: NamedQueues
  /** Called when the container runs, before it is ready. */
  readonly started: (name: string) => Promise<void>
  /** Ends a pause, if there is one: the engine refuses to end a frozen container. */
  readonly thaw: (name: string, order: InstanceRequest) => Promise<void>
}

const readyWithinMs = 30_000
const probeIntervalMs = 50

export function createStartStop(parts: StartStopParts): StartStop {
  const { queues, thaw } = parts
  /** What each instance was last started with; absent: with its own defaults. */
  const startedWith = new Map<string, string>()
  const kill = async (name: string, order: InstanceRequest): Promise<void> => {
    await thaw(name, order)
    await end(name, order, parts, async (container) => await container.kill())
  }
  return {
    start: async (name, order) => {
      order.signal?.throwIfAborted()
      const launched = await queues(name, async () => {
        const { environment } = order
        if ((await parts.project.inspect(name)).State.Running) {
          const before = startedWith.get(name) ?? ''
          if (environment === undefined || toShell(environment) === before) return undefined
          // Somebody else was faster, with what the last run had left.
          await kill(name, order)
        }
        if (environment !== undefined) {
          await writeSettings(parts.project, name, environment)
          startedWith.set(name, toShell(environment))
        }
        return await launch(name, order, parts)
      })
      await untilReady(name, order, parts)
      if (launched === undefined) return
      await launched.prepared
      parts.tracker.ready(name, order.by)
    },
    stop: async (name, order) =>
      await queues(name, async () => {
        await thaw(name, order)
        await end(name, order, parts, async (container, stopSignal) => {
          // The engine counts in seconds; a shorter grace is ours to keep.
          if (order.graceMs % 1_000 === 0) return await container.stop({ t: order.graceMs / 1_000 })
          await container.kill({ signal: stopSignal })
          await within(order.graceMs, container.wait(), parts.clock)
          await unless([409], container.kill())
        })
      }),
    kill: async (name, order) => await queues(name, async () => await kill(name, order)),
  }
}

/** Starts the container. `prepared` is what may still go on when the instance gets ready. */
async function launch(
  name: string,
  order: InstanceRequest,
  { project, tracker, started }: StartStopParts,
): Promise<{ readonly prepared: Promise<void> }> {
  const expected = tracker.expect(name, 'start', order.by)
  try {
    await (await project.container(name)).start()
  } catch (error) {
    expected.cancel()
    throw error
  }
  await expected.happened()
  const prepared = started(name)
  // When the instance has ended already, that is the better message.
  prepared.catch(() => undefined)
  return { prepared }
}

async function within(limitMs: number, ended: Promise<unknown>, clock: Clock): Promise<void> {
  const patience = new AbortController()
  const tooLong = clock.sleep(limitMs, patience.signal).catch(() => undefined)
  await Promise.race([ended, tooLong])
  patience.abort()
}

type Ending = (container: Container, stopSignal: string) => Promise<unknown>

async function end(
  name: string,
  order: InstanceRequest,
  { project, tracker }: StartStopParts,
  how: Ending,
): Promise<void> {
  const inspection = await project.inspect(name)
  const purpose = 'graceMs' in order ? 'stop' : undefined
  if (!inspection.State.Running) return tracker.keepDown(name, order.by, purpose)
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
  order: InstanceRequest,
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
