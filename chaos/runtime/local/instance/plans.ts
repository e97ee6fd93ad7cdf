import { writeFileSync } from 'node:fs'
import path from 'node:path'

import type { Environment, SeamReport } from '#chaos/contracts/runtime.ts'
import { healthPathsOf } from '#chaos/contracts/system.ts'
import { kindOfStore } from '#chaos/contracts/topology.ts'
import type { Instance, Store } from '#chaos/contracts/topology.ts'
import { codeReads, permissionArguments } from '#chaos/lib/permissions/permission-arguments.ts'

import { acceptsConnections } from '../../accepts-connections.ts'
import { clockFileVariable } from '../../clock/clock-file.ts'
import { skewedDateArguments } from '../../clock/clocks.ts'
import { linkProxies } from '../../link-proxies.ts'
import { storeAccepts } from '../../store-accepts.ts'
import type { SpawnRequest } from '../keeper/keeper-requests.ts'
import type { InstancePlan } from './local-instance.ts'
import { localAddressOf, localRoute } from './local-route.ts'
import { logFileOf } from './plan-context.ts'
import type { PlanContext } from './plan-context.ts'
import { probeHttp, probeTimeoutMs } from './probe-http.ts'
import { programPlan } from './program-plan.ts'
import { serviceEnvironment } from './service-environment.ts'

/** Folder in the sandbox's folder. */
export const clocksFolder = 'clocks'

export function servicePlans(context: PlanContext): InstancePlan[] {
  return context.system.topology.instances.map((instance) =>
    instance.program === undefined
      ? servicePlan(instance, context)
      : programPlan(instance.name, instance.program, context),
  )
}

/** The data plane. Its configuration lists every link. */
export function proxyPlan(context: PlanContext): InstancePlan {
  const { addresses } = context
  return {
    name: 'links',
    kind: 'proxy',
    logFile: logFileOf('links', context),
    stopSignal: 'SIGTERM',
    spawnRequest: (environment) =>
      nodeCommand(
        'links',
        proxyArguments(context),
        // By environment: every user of the machine can read the arguments of a process.
        { LINKS_OWN_PROXIES_ONLY: '1', LINKS_SECRET: context.linksSecret ?? '', ...environment },
        context,
      ),
    probe: async () =>
      (await probeHttp(`${addresses.proxyUrl}/version`, probeTimeoutMs))?.status === 200,
  }
}

/** `spawn` returns the request of the store's data that exist now. */
export function storePlan(
  store: Store,
  context: PlanContext,
  spawn: () => SpawnRequest,
): InstancePlan {
  const { name } = store
  const kind = kindOfStore(store)
  return {
    name,
    kind: 'store',
    logFile: logFileOf(name, context),
    // For Postgres, SIGTERM waits for every client to disconnect, and connection pools never do.
    stopSignal: kind === 'postgres' ? 'SIGINT' : 'SIGTERM',
    spawnRequest: (environment) => {
      const request = spawn()
      return { ...request, environment: { ...request.environment, ...environment } }
    },
    probe: async () =>
      await storeAccepts({
        store: kind,
        host: '127.0.0.1',
        port: context.addresses.port(name),
        databaseName: context.system.name,
      }),
  }
}

/** The file with the skews of an instance's clock. */
export function clockFileOf(
  name: string,
  { sandboxFolder }: Pick<PlanContext, 'sandboxFolder'>,
): string {
  return path.join(sandboxFolder, clocksFolder, name)
}

function servicePlan(instance: Instance, context: PlanContext): InstancePlan {
  const { system, addresses } = context
  const own = (): Environment =>
    serviceEnvironment(
      instance,
      system,
      addresses,
      context.fileOf(instance.name),
      context.profilesOn(),
    )
  const { seamsPath } = system
  return {
    name: instance.name,
    kind: 'service',
    logFile: logFileOf(instance.name, context),
    stopSignal: 'SIGTERM',
    spawnRequest: (environment) =>
      nodeCommand(
        instance.name,
        [...permissionsOf(instance, context), ...skewedDateArguments, mainOf(instance)],
        {
          ...own(),
          [clockFileVariable]: clockFileOf(instance.name, context),
          // Node uses it only in a process that may change it, and changed code would run in other processes.
          ...(context.codeFolder === undefined ? {} : { NODE_COMPILE_CACHE: '' }),
          ...environment,
        },
        context,
      ),
    probe: async () => {
      // Until the service listens, a TCP connect is the cheaper check.
      if (!(await acceptsConnections(addresses.port(instance.name)))) return false
      const url = `${addresses.http(instance.name)}${healthPathsOf(system).ready}`
      return (await probeHttp(url, probeTimeoutMs))?.status === 200
    },
    ...(seamsPath === undefined
      ? {}
      : {
          seams: async () => await reportedSeams(`${addresses.http(instance.name)}${seamsPath}`),
        }),
  }
}

function mainOf({ name, main }: Instance): string {
  if (main !== undefined) return main
  throw new Error(`${name} has neither an entry point nor a program.`)
}

/** Only an instance that keeps data in its own file may write, and only that file. */
function permissionsOf(instance: Instance, context: PlanContext): readonly string[] {
  const { codeFolder, projectRoot, sandboxFolder, system } = context
  if (codeFolder === undefined) return []
  const file = context.fileOf(instance.name)
  const keepsFile = Object.values(system.environmentOf?.(instance, file) ?? {}).some((value) =>
    value.startsWith(file),
  )
  return permissionArguments({
    read: [...codeReads(projectRoot, codeFolder), path.join(sandboxFolder, clocksFolder)],
    write: keepsFile ? [path.join(path.dirname(file), `${instance.name}-*`)] : [],
  })
}

async function reportedSeams(url: string): Promise<readonly SeamReport[] | undefined> {
  const response = await probeHttp(url, probeTimeoutMs)
  if (response?.status !== 200) return undefined
  return (JSON.parse(response.body) as { seams: readonly SeamReport[] }).seams
}

function nodeCommand(
  name: string,
  args: readonly string[],
  environment: Environment,
  context: PlanContext,
): SpawnRequest {
  return {
    name,
    command: process.execPath,
    args,
    environment: { ...context.baseEnvironment, ...environment },
    cwd: context.projectRoot,
    logFile: logFileOf(name, context),
  }
}

/** Writes the data plane's configuration, one entry for each link. Returns the arguments of its program. */
function proxyArguments({ system, addresses, sandboxFolder }: PlanContext): string[] {
  const proxies = linkProxies(system.topology, {
    routeOf: (link) => localRoute(link, addresses),
    addressOf: (name) => localAddressOf(name, addresses),
  })
  const file = path.join(sandboxFolder, 'links.json')
  writeFileSync(file, JSON.stringify(proxies, null, 2))
  const port = String(addresses.port('links'))
  return ['chaos/proxy/main.ts', '--config', file, '--host', '127.0.0.1', '--port', port]
}
