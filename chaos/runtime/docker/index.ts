import type { Runtime, SeamReport } from '#chaos/contracts/runtime.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { createNamedQueues } from '#chaos/lib/named-queues.ts'

import { createAddresses } from './addresses.ts'
import type { Standpoint } from './addresses.ts'
import { repair } from './clean-up.ts'
import { connectEngine } from './engine/connect-engine.ts'
import { listenToEngine } from './engine/engine-events.ts'
import type { EngineEvent } from './engine/engine-events.ts'
import { readLogs } from './engine/logs.ts'
import { readStatuses } from './engine/statuses.ts'
import { openProject } from './project.ts'
import { createReadinessProbe } from './readiness.ts'
import { createPacketFilter } from './sidecars/packet-filter.ts'
import { createPauseResume } from './sidecars/pause-resume.ts'
import { createResourceLimits } from './sidecars/resource-limits.ts'
import { createStartStop } from './start-stop.ts'
import { createTracker } from './tracker.ts'

/** On a volume of payments' own (see docker-compose.yml). */
const booksFolder = '/var/lib/payments'

export interface DockerRuntimeOptions {
  /** Compose project; by default that of the container we run in. */
  readonly project?: string
  /** By default inside: as a container of the project. */
  readonly standpoint?: Standpoint
  /** What an instance reports of its seams. */
  readonly seamsOf?: (http: string) => Promise<readonly SeamReport[] | undefined>
  readonly clock?: Clock
}

/**
 * The runtime of a sandbox that `docker compose up` has started. It reaches the containers of one Compose project and no
 * others; disposing it leaves them running. Throws InputError where there is no engine or no such project.
 */
export async function connectDockerRuntime(options: DockerRuntimeOptions = {}): Promise<Runtime> {
  const clock = options.clock ?? systemClock
  const docker = await connectEngine()
  const project = await openProject(docker, options.project)
  const addresses = createAddresses(options.standpoint ?? { at: 'inside' })
  const isReady = createReadinessProbe(addresses)
  const tracker = createTracker(clock)
  const ended = new AbortController()
  const { signal } = ended
  const onEvent = (event: EngineEvent): void => tracker.onEngineEvent(event)
  await listenToEngine({ project, clock, signal, onEvent })

  const filter = createPacketFilter(project, clock)
  const pauses = createPauseResume(project, tracker)
  const queues = createNamedQueues()
  const startStop = createStartStop({
    project,
    tracker,
    isReady,
    clock,
    queues,
    started: async (name) => await filter.reapply(name),
    thaw: async (name, order) => await pauses.resume(name, order),
  })
  return {
    kind: 'docker',
    addresses,
    packetFilter: filter,
    resourceLimits: createResourceLimits(project),
    ...startStop,
    pause: async (name, order) => await queues(name, async () => await pauses.pause(name, order)),
    resume: async (name, order) => await queues(name, async () => await pauses.resume(name, order)),
    status: async ({ probeWithinMs } = {}) =>
      await readStatuses({
        project,
        tracker,
        isReady:
          probeWithinMs === undefined ? isReady : createReadinessProbe(addresses, probeWithinMs),
        seamsOf: async (name) => await options.seamsOf?.(addresses.http(name)),
      }),
    onInstance: (listener) => tracker.onInstance(listener),
    logs: (name, logOptions) => readLogs(project, clock, name, logOptions),
    booksFile: (run) => `${booksFolder}/${encodeURIComponent(run)}.sqlite`,
    cleanUp: async () => await repair({ project, filter, startStop }),
    [Symbol.asyncDispose]: async () => ended.abort(),
  }
}
