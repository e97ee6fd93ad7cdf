import type { ArgsDef } from 'citty'

import { aborted } from '#chaos/lib/signals/aborted.ts'
import { parseProxyFlags, proxyFlags } from '#chaos/proxy/flags.ts'
import { runProxy } from '#chaos/proxy/run-proxy.ts'

import { defineCommand } from '../command.ts'

const args: ArgsDef = Object.fromEntries(
  Object.entries(proxyFlags).map(([flag, { type, help }]) => [flag, { type, description: help }]),
)

export default defineCommand({
  about:
    "Works with every Toxiproxy client, because it has Toxiproxy's HTTP API. Flags may have one dash or two, like those of toxiproxy-server.",
  args,
  readsRawArguments: true,
  examples: ['unhappy proxy', 'unhappy proxy -port 8475 -config toxiproxy.json -seed 42'],
  run: async ({ rawArgs, cli }) => {
    const own = rawArgs.filter((arg) => arg !== '--json' && arg !== '--no-color')
    await using proxy = await runProxy(parseProxyFlags(own, cli.environment))
    const { url, seed, plane } = proxy
    if (cli.json) cli.out.line(JSON.stringify({ url, seed, proxies: plane.links.size }))
    else
      cli.out.line(
        `Listening on ${url} with ${plane.links.size} proxies (seed ${seed}). Ctrl-C ends it.`,
      )
    await aborted(cli.signal)
  },
})
