import type { Environment } from '#chaos/contracts/runtime.ts'
import type { Instance, TopologyLink } from '#chaos/contracts/topology.ts'
import { linksFrom } from '#services/topology.ts'

import { redisUrlAt, type LocalAddresses } from '../addresses.ts'
import { databaseUrlAt } from '../stores/postgres.ts'

/**
 * An instance's own settings: its name, its port, and its links instead of the addresses behind
 * them.
 */
export function serviceEnvironment(
  instance: Instance,
  addresses: LocalAddresses,
  booksFile: string,
): Environment {
  const callees = linksFrom(instance.name).map((link) => calleeVariable(link, addresses))
  return {
    INSTANCE: instance.name,
    HOST: '127.0.0.1',
    PORT: String(addresses.port(instance.name)),
    ...Object.fromEntries(callees),
    // Payments' own storage, behind no link: a fault in the shop never changes the books of another
    // company.
    ...(instance.service === 'payments' ? { BOOKS_FILE: booksFile } : {}),
  }
}

function calleeVariable(link: TopologyLink, addresses: LocalAddresses): [string, string] {
  const port = addresses.port(link.name)
  switch (link.protocol) {
    case 'postgres':
      return ['DATABASE_URL', databaseUrlAt(port)]
    case 'redis':
      return ['REDIS_URL', redisUrlAt(port)]
    case 'http':
      return [`${link.callee.toUpperCase()}_URL`, `http://127.0.0.1:${port}`]
  }
}
