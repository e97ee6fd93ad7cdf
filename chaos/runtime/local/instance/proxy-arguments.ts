import { writeFileSync } from 'node:fs'
import path from 'node:path'

import { links } from '#services/topology.ts'

import type { LocalAddresses } from '../addresses.ts'

const proxyMain = 'chaos/proxy/main.ts'

/** Writes the data plane's configuration, one entry for each link, and returns how to start it. */
export function proxyArguments({
  addresses,
  sandboxFolder,
}: {
  readonly addresses: LocalAddresses
  readonly sandboxFolder: string
}): string[] {
  const proxies = links.map(({ name, callee, protocol }) => ({
    name,
    listen: `127.0.0.1:${addresses.port(name)}`,
    upstream: `127.0.0.1:${addresses.port(callee)}`,
    enabled: true,
    protocol,
  }))
  const file = path.join(sandboxFolder, 'links.json')
  writeFileSync(file, JSON.stringify(proxies, null, 2))
  const port = String(addresses.port('links'))
  return [proxyMain, '--config', file, '--host', '127.0.0.1', '--port', port]
}
