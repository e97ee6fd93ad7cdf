import type { TopologyLink } from '#chaos/contracts/topology.ts'

import { databaseUrl } from './database-url.ts'

/** What a caller receives as the URL of its callee. `address`: where the link listens for this caller. */
export function linkUrl(
  { protocol }: Pick<TopologyLink, 'protocol'>,
  address: string,
  databaseName: string,
): string {
  switch (protocol) {
    case 'postgres':
      return databaseUrl(address, databaseName)
    case 'redis':
      return `redis://${address}`
    case 'http':
      return `http://${address}`
    case 'bytes':
      return `tcp://${address}`
  }
}
