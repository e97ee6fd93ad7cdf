import path from 'node:path'

import type { Environment, SeamReport } from '#chaos/contracts/runtime.ts'
import { instances, type Instance, type StoreName } from '#services/topology.ts'

import type { LocalAddresses } from '../addresses.ts'
import type { SpawnRequest } from '../keeper/messages.ts'
import { storeAccepts } from '../stores/wait-for-store.ts'
import { accepts } from './accepts.ts'
import type { InstancePlan } from './local-instance.ts'
import { probeHttp } from './probe-http.ts'
import { proxyArguments } from './proxy-arguments.ts'
import { serviceEnvironment } from './service-environment.ts'

/** Where the processes of a sandbox run and how to start them. */
export interface PlanContext {
  readonly projectRoot: string
  readonly sandboxFolder: string
  readonly addresses: LocalAddresses
  /** Environment of every process: from the user's shell only what a program needs to run. */
  readonly baseEnvironment: Environment
  /** Default file for the books of payments. */
  readonly booksFile: string
}

const probeTimeoutMs = 1_000

export function servicePlans(context: PlanContext): InstancePlan[] {
  return instances.map((instance) => servicePlan(instance, context))
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
      nodeCommand('links', proxyArguments(context), { ...environment }, context),
    probe: async () =>
      (await probeHttp(`${addresses.proxyUrl}/version`, probeTimeoutMs))?.status === 200,
  }
}

export function storePlan(
  name: StoreName,
  context: PlanContext,
  spawn: SpawnRequest,
): InstancePlan {
  return {
    name,
    kind: 'store',
    logFile: spawn.logFile,
    // For Postgres, SIGTERM waits for every client to disconnect, and connection pools never do.
    stopSignal: name === 'postgres' ? 'SIGINT' : 'SIGTERM',
    spawnRequest: (environment) => ({ ...spawn, environment: { ...spawn.environment, ...environment } }),
    probe: async () => await storeAccepts(name, context.addresses.port(name)),
  }
}

/** File for standard output and error of an instance. */
export function logFileOf(name: string, { sandboxFolder }: PlanContext): string {
  return path.join(sandboxFolder, 'logs', `${name}.log`)
}

function servicePlan(instance: Instance, context: PlanContext): InstancePlan {
  const { addresses } = context
  const own = serviceEnvironment(instance, addresses, context.booksFile)
  return {
    name: instance.name,
    kind: 'service',
    logFile: logFileOf(instance.name, context),
    stopSignal: 'SIGTERM',
    spawnRequest: (environment) =>
      nodeCommand(instance.name, [instance.main], { ...own, ...environment }, context),
    probe: async () => {
      // Until the service listens, a TCP connect is the cheaper check.
      if (!(await accepts(addresses.port(instance.name)))) return false
      const answer = await probeHttp(
        `${addresses.http(instance.name)}/health/ready`,
        probeTimeoutMs,
      )
      return answer?.status === 200
    },
    seams: async () => await reportedSeams(addresses.http(instance.name)),
  }
}

async function reportedSeams(http: string): Promise<readonly SeamReport[] | undefined> {
  const answer = await probeHttp(`${http}/seams`, probeTimeoutMs)
  if (answer?.status !== 200) return undefined
  return (JSON.parse(answer.body) as { seams: readonly SeamReport[] }).seams
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
