import type { Clocks, Runtime, SeamReport } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { kindOfStore, storeCalled, withAllProfiles } from '#chaos/contracts/topology.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { clockLinesMax, createClocks } from '../clock/clocks.ts'
import { createDockerAddresses, storePorts } from './addresses.ts'
import type { Standpoint } from './addresses.ts'
import { cleanUp } from './clean-up.ts'
import { createContainerLifecycle } from './container-lifecycle.ts'
import { connectEngine } from './engine/connect-engine.ts'
import { readContainerTimes } from './engine/container-times.ts'
import { listenToEngine } from './engine/engine-events.ts'
import type { EngineEvent } from './engine/engine-events.ts'
import { readLogs } from './engine/logs.ts'
import { readStatuses } from './engine/statuses.ts'
import { createDockerProfiles } from './profiles.ts'
import { openProject } from './project.ts'
import type { Project } from './project.ts'
import { createReadinessProbe } from './readiness.ts'
import { writeClockFile } from './settings.ts'
import { createPacketFilter } from './sidecars/packet-filter.ts'
import { createResourceLimits } from './sidecars/resource-limits.ts'
import { runApart } from './sidecars/run-apart.ts'
import { createSendLater } from './sidecars/send-later.ts'
import { createTracker } from './tracker.ts'

/** An instance that keeps files has a volume here, in a folder with its name (see docker-compose.yml). */
const filesFolder = '/var/lib'

export interface DockerRuntimeOptions {
  /** What the Compose project runs. */
  readonly system: System
  /** Compose project; by default the project of the container that runs this process. */
  readonly project?: string
  /** By default inside: this process runs in a container of the project. */
  readonly standpoint?: Standpoint
  /** Reads which version of each seam an instance runs. `http` is the instance's base URL. */
  readonly seamsOf?: (http: string) => Promise<readonly SeamReport[] | undefined>
  readonly clock?: Clock
}

/**
 * The runtime of a sandbox that `docker compose up` has started. It reaches only the containers of
 * one Compose project. Disposing it leaves them running. Throws InputError when there is no engine,
 * no such project, or when the system does not run in Docker.
 */
export async function connectDockerRuntime(options: DockerRuntimeOptions): Promise<Runtime> {
  const { system } = options
  if (system.composeFile === undefined)
    throw new InputError(`The ${system.name} has no Compose file: it does not run in Docker.`, {
      remedy: 'Run it as plain processes: UNHAPPY_RUNTIME=local.',
    })
  const clock = options.clock ?? systemClock
  const docker = await connectEngine()
  const project = await openProject(docker, system.topology, options.project)
  const addresses = createDockerAddresses(system, options.standpoint ?? { at: 'inside' })
  const isReady = createReadinessProbe(system, addresses)
  const { stores } = withAllProfiles(system.topology)
  const tracker = createTracker(clock)
  const ended = new AbortController()
  const { signal } = ended
  const onEvent = (event: EngineEvent): void => tracker.onEngineEvent(event)
  await listenToEngine({ project, clock, signal, onEvent })

  const filter = createPacketFilter(project, clock)
  const lifecycle = createContainerLifecycle({ project, tracker, isReady, clock, filter })
  const profiles = createDockerProfiles({
    system,
    project,
    addresses,
    startStop: lifecycle,
    clock,
  })
  return {
    kind: 'docker',
    addresses,
    profiles,
    packetFilter: filter,
    resourceLimits: createResourceLimits(project),
    clocks: dockerClocks(project, system, clock),
    ...lifecycle,
    start: profiles.startInstance,
    status: async ({ probeWithinMs } = {}) =>
      await readStatuses({
        project,
        on: profiles.on,
        tracker,
        isReady:
          probeWithinMs === undefined
            ? isReady
            : createReadinessProbe(system, addresses, probeWithinMs),
        seamsOf: async (name) => await options.seamsOf?.(addresses.http(name)),
      }),
    onInstance: (listener) => tracker.onInstance(listener),
    logs: (name, logOptions) => readLogs(project, clock, name, logOptions),
    fileOf: (instance, run) => `${filesFolder}/${instance}/${encodeURIComponent(run)}`,
    containerTimes: async () => await readContainerTimes(project),
    sendLater: createSendLater(
      project,
      (name) => storePorts[kindOfStore(storeCalled(stores, name))],
    ),
    runApart: async (program) => await runApart(project, program),
    cleanUp: async () => await cleanUp({ project, addresses, filter, startStop: lifecycle }),
    [Symbol.asyncDispose]: async () => ended.abort(),
  }
}

function dockerClocks(project: Project, { topology }: System, clock: Clock): Clocks {
  return createClocks({
    instances: topology.instances.map(({ name }) => name),
    clock,
    write: async (name, text) => await writeClockFile(project, name, text),
    isRunning: async (name) => {
      const state = (await project.find(name))?.State
      return state?.Running === true && !state.Paused
    },
    lines: (name) => readLogs(project, clock, name, { tail: clockLinesMax }),
  })
}
