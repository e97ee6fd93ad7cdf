import { expect, test } from 'vitest'

import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import type { Cli } from '../cli.ts'
import { tapExchanges } from './tap-exchanges.ts'

test('a tap of a system with other names than the shop shows the links that its controller names', async () => {
  const tapped: string[] = []
  const exchange = (link: string) => ({ type: 'exchange', link }) as SandboxEvent
  const client = {
    sandbox: async () => ({ lastSeq: 0 }),
    tap: async ({ link }: { readonly link: string }) => {
      tapped.push(link)
      return { id: 'tap-1', links: ['gateway:orders'] }
    },
    untap: async (id: string) => void tapped.push(`not ${id}`),
    async *events() {
      yield exchange('gateway:orders')
      yield exchange('tapped:by-another-user')
    },
  } as unknown as ApiClient
  const { signal } = new AbortController()
  const options = { link: 'gateway:*', signal, transactions: [] }
  const seen = await Array.fromAsync(
    tapExchanges({ clock: systemClock } as Cli, client, options),
    ({ link }) => link,
  )
  expect(seen).toEqual(['gateway:orders'])
  expect(tapped).toEqual(['gateway:*', 'not tap-1'])
})
