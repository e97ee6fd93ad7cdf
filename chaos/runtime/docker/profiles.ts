import { randomUUID } from 'node:crypto'

import { localPort } from '#chaos/contracts/ports.ts'
import { profileNamed } from '#chaos/contracts/profile-named.ts'
import type { Environment, InstanceRequest, RuntimeProfiles } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import {
  linksFrom,
  profileEnvironment,
  variableOf,
  withProfiles,
} from '#chaos/contracts/topology.ts'
import type { Instance, TopologyLink } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { DockerAddresses } from './addresses.ts'
import { dockerAddressOf, dockerRoute } from './links-config.ts'
import { dataPlane } from './project.ts'
import type { Project } from './project.ts'
import { writeSettings } from './settings.ts'
import type { StartStop } from './start-stop.ts'

/** How long the settings of an optional store permit its start. */
const permitSeconds = 30

export interface DockerProfiles extends RuntimeProfiles {
  /** Starts an instance with the variables of the profiles that are on. */
  readonly startInstance: StartStop['start']
}

/**
 * The profiles of a Compose project. Compose creates the containers of optional stores and starts them once; they end at once.
 * The controller starts them again with a setting.
 */
export function createDockerProfiles(parts: {
  readonly system: System
  readonly project: Project
  readonly addresses: DockerAddresses
  readonly startStop: StartStop
  readonly clock: Clock
}): DockerProfiles {
  const { system, project, addresses, startStop, clock } = parts
  const { topology } = system
  const on = new Set<string>()
  /** The environments of the last starts, without the variables of profiles. */
  const environments = new Map<string, Environment>()
  const storesOf = (name: string): readonly string[] =>
    (profileNamed(topology, name).stores ?? []).map((store) => store.name)
  const permitUntil = (): string => String(Math.ceil(clock.wallTimeMs() / 1_000) + permitSeconds)
  /** By store: the same until the profile stops. With another value than before, a store creates its data again. */
  const runs = new Map<string, string>()
  const startStore = async (name: string, request: InstanceRequest): Promise<void> => {
    const run = runs.get(name)
    const running = (await project.inspect(name)).State.Running
    if (run === undefined || running) return await startStop.start(name, request)
    // See the script store-entrypoint.
    const environment = { PROFILE_RUN: run, PROFILE_UNTIL: permitUntil() }
    await startStop.start(name, { ...request, environment })
  }
  const stop = async (name: string, request: InstanceRequest): Promise<void> => {
    for (const store of storesOf(name)) {
      await startStop.kill(store, request)
      await writeSettings(project, store, {})
      runs.delete(store)
    }
    on.delete(name)
  }
  return {
    get on() {
      return [...on]
    },
    start: async (name, request) => {
      const stores = storesOf(name)
      if (on.has(name)) return
      on.add(name)
      try {
        for (const store of stores) {
          runs.set(store, randomUUID())
          await startStore(store, request)
        }
      } catch (error) {
        await stop(name, { by: request.by })
        throw error
      }
    },
    stop,
    copyStore: async (store, from, request) => {
      await startStop.kill(store, request)
      if (runs.has(store)) {
        // A replica: with another run it copies its primary again.
        runs.set(store, randomUUID())
        return await startStore(store, request)
      }
      const environment = { COPY_FROM: from, COPY_RUN: randomUUID(), COPY_UNTIL: permitUntil() }
      await startStop.start(store, { ...request, environment })
    },
    routeOf: (link) => dockerRoute(topology, link),
    addressOf: (name) => dockerAddressOf(topology, name),
    setPrimary: (store, primary) => addresses.setPrimary(store, primary),
    startInstance: async (name, request) => {
      const instance = topology.instances.find((one) => one.name === name)
      if (instance === undefined) return await startStore(name, request)
      if (request.environment !== undefined) environments.set(name, request.environment)
      const given = environments.get(name)
      const added = variablesOf(system, [...on], instance)
      if (given === undefined && Object.keys(added).length === 0)
        return await startStop.start(name, request)
      await startStop.start(name, { ...request, environment: { ...added, ...given } })
    },
  }
}

/** What the profiles add to the environment that docker-compose.yml gives the instance. */
function variablesOf(system: System, on: readonly string[], instance: Instance): Environment {
  const topology = withProfiles(system.topology, on)
  const links = linksFrom(topology, instance.name).filter(({ profile }) => profile !== undefined)
  return {
    ...Object.fromEntries(
      links.map((link) => [variableOf(topology, link), urlOf(link, system.name)] as const),
    ),
    ...profileEnvironment(topology, on, instance),
  }
}

function urlOf({ protocol, portOffset }: TopologyLink, databaseName: string): string {
  const address = `${dataPlane}:${localPort(0, portOffset)}`
  switch (protocol) {
    case 'postgres':
      return `postgres://${databaseName}:${databaseName}@${address}/${databaseName}`
    case 'redis':
      return `redis://${address}`
    case 'http':
      return `http://${address}`
  }
}
