import type { InstanceProgram } from '#chaos/contracts/topology.ts'
import { linksFrom, storeCalled } from '#chaos/contracts/topology.ts'

import { acceptsConnections } from '../../accepts-connections.ts'
import { linkUrl } from '../../link-url.ts'
import type { InstancePlan } from './local-instance.ts'
import { localAddressOf } from './local-route.ts'
import { logFileOf } from './plan-context.ts'
import type { PlanContext } from './plan-context.ts'
import { probeHttp, probeTimeoutMs } from './probe-http.ts'

/** A program of the user: its own command in its own folder, with the addresses of its links. */
export function programPlan(
  name: string,
  program: InstanceProgram,
  context: PlanContext,
): InstancePlan {
  const { addresses } = context
  const { NODE_COMPILE_CACHE: _, ...base } = context.baseEnvironment
  const port = addresses.port(name)
  return {
    name,
    kind: 'service',
    logFile: logFileOf(name, context),
    stopSignal: 'SIGTERM',
    spawnRequest: (environment) => ({
      name,
      command: program.command[0] ?? '',
      args: program.command.slice(1),
      environment: {
        ...base,
        ...program.environment({ port, urlOf: (callee) => urlOfLink(name, callee, context) }),
        ...environment,
      },
      cwd: program.folder,
      logFile: logFileOf(name, context),
    }),
    probe: async () => {
      if (!program.listens) return true
      if (!(await acceptsConnections(port))) return false
      if (program.ready === undefined) return true
      const response = await probeHttp(`${addresses.http(name)}${program.ready}`, probeTimeoutMs)
      return response !== undefined && response.status >= 200 && response.status < 300
    },
  }
}

/** The user's own address of a store, with the link in the place of its host. */
function urlOfLink(caller: string, callee: string, context: PlanContext): string | undefined {
  const { topology, name } = context.system
  const link = linksFrom(topology, caller).find((one) => one.callee === callee)
  if (link === undefined) return undefined
  const listen = localAddressOf(link.name, context.addresses)
  const isStore = topology.stores.some((store) => store.name === callee)
  const address = isStore ? storeCalled(topology.stores, callee).address : undefined
  if (address === undefined) return linkUrl(link, listen, name)
  return Object.assign(new URL(address), { host: listen }).href
}
