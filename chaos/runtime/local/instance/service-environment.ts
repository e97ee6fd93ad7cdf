import type { Environment } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import {
  linksFrom,
  profileEnvironment,
  variableOf,
  withProfiles,
} from '#chaos/contracts/topology.ts'
import type { Instance } from '#chaos/contracts/topology.ts'

import { linkUrl } from '../../link-url.ts'
import type { LocalAddresses } from '../addresses.ts'
import { localAddressOf } from './local-route.ts'

/**
 * An instance's own settings: its name, its port, its links instead of the addresses behind them, and
 * what the system adds. `file` is for {@link System.environmentOf}; `on` lists the profiles that are on.
 */
export function serviceEnvironment(
  instance: Instance,
  system: System,
  addresses: LocalAddresses,
  file: string,
  on: readonly string[] = [],
): Environment {
  const topology = withProfiles(system.topology, on)
  const callees = linksFrom(topology, instance.name).map((link): [string, string] => [
    variableOf(topology, link),
    linkUrl(link, localAddressOf(link.name, addresses), system.name),
  ])
  return {
    INSTANCE: instance.name,
    HOST: '127.0.0.1',
    PORT: String(addresses.port(instance.name)),
    ...Object.fromEntries(callees),
    ...system.environmentOf?.(instance, file),
    ...profileEnvironment(topology, on, instance),
  }
}
