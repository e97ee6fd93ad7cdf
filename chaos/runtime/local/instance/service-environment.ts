import type { Environment } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import { linksFrom } from '#chaos/contracts/topology.ts'
import type { Instance, TopologyLink } from '#chaos/contracts/topology.ts'

import { redisUrlAt, type LocalAddresses } from '../addresses.ts'
import { databaseUrlAt } from '../stores/postgres.ts'

/**
 * An instance's own settings: its name, its port, its links instead of the addresses behind them, and
 * what the system adds. `file` is for {@link System.environmentOf}.
 */
export function serviceEnvironment(
  instance: Instance,
  system: System,
  addresses: LocalAddresses,
  file: string,
): Environment {
  const callees = linksFrom(system.topology, instance.name).map((link) =>
    calleeVariable(link, system, addresses),
  )
  return {
    INSTANCE: instance.name,
    HOST: '127.0.0.1',
    PORT: String(addresses.port(instance.name)),
    ...Object.fromEntries(callees),
    ...system.environmentOf?.(instance, file),
  }
}

function calleeVariable(
  link: TopologyLink,
  { name }: System,
  addresses: LocalAddresses,
): [string, string] {
  const port = addresses.port(link.name)
  switch (link.protocol) {
    case 'postgres':
      return ['DATABASE_URL', databaseUrlAt(port, name)]
    case 'redis':
      return ['REDIS_URL', redisUrlAt(port)]
    case 'http':
      return [`${link.callee.toUpperCase().replaceAll(/\W/g, '_')}_URL`, `http://127.0.0.1:${port}`]
  }
}
