import type { SandboxView } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { withProgramName } from '../program-name.ts'
import { definitions } from './text-table.ts'

/** Printed when the shop is ready: its addresses, and commands to try. */
export function readyScreen(
  view: SandboxView,
  options: {
    readonly cli: Cli
    readonly took: string
    /** Contains a secret that works once. */
    readonly dashboard: string
    readonly detached: boolean
  },
): string {
  const { cli } = options
  const { bold, dim, green } = cli.out.colours
  const shop = view.urls.shop[0] ?? ''
  const command = (text: string): string => `  ${withProgramName(text, cli.program)}`
  return [
    `${green(bold('The shop is ready'))} after ${options.took}.`,
    '',
    definitions(
      [
        ['Dashboard', options.dashboard],
        ['Shop', view.urls.shop.join('  ')],
        ['Links', `${view.urls.proxy}  (Toxiproxy's API)`],
        ...storeRow('Postgres', view.urls.postgres),
        ...storeRow('Redis', view.urls.redis),
      ],
      { width: cli.out.columns, indent: 2 },
    ),
    dim(
      `  The address of the dashboard works once. A new one: ${withProgramName('unhappy open', cli.program)}`,
    ),
    '',
    bold(options.detached ? 'Try this' : 'Try this in another terminal'),
    dim('  # list the products, place an order, check that it was paid'),
    `  curl -s ${shop}/products`,
    `  curl -s ${shop}/orders -H 'content-type: application/json' -H 'idempotency-key: my-first-order' \\`,
    `    -d '{"customer":"me","sku":"mug","quantity":1}'`,
    command('unhappy truth'),
    dim('  # slow down payments for 30 seconds, measure a quote request, heal the fault'),
    command("unhappy inject latency 'api-*:payments' --latencyMs 400 --for 30s"),
    `  curl -s -w '%{time_total} s\\n' ${shop}/quotes -H 'content-type: application/json' -d '{"sku":"mug","quantity":1}'`,
    command('unhappy heal'),
    dim('  # start the first lab: five minutes, one line to change'),
    command('unhappy lab start lab-zero'),
    '',
    options.detached
      ? `The sandbox runs in the background. Stop it: ${withProgramName('unhappy down', cli.program)}`
      : 'Ctrl-C stops the sandbox.',
  ].join('\n')
}

/** Empty if the system does not have the store. */
function storeRow(title: string, url: string | undefined): [string, string][] {
  return url === undefined ? [] : [[title, url]]
}
