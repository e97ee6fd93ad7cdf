import type { SandboxView } from '#chaos/contracts/api.ts'

import { asTyped } from '../as-typed.ts'
import type { Cli } from '../cli.ts'
import { definitions } from './table.ts'

/** What a newcomer needs when the shop is up: where to look, and something to try at once. */
export function readyScreen(
  view: SandboxView,
  options: { readonly cli: Cli; readonly took: string; readonly detached: boolean },
): string {
  const { cli } = options
  const { bold, dim, green } = cli.out.colours
  const shop = view.urls.shop[0] ?? ''
  const command = (text: string): string => `  ${asTyped(text, cli.program)}`
  return [
    `${green(bold('The shop is up'))} after ${options.took}.`,
    '',
    definitions(
      [
        ['Dashboard', view.urls.dashboard],
        ['Shop', view.urls.shop.join('  ')],
        ['Links', `${view.urls.proxy}  (Toxiproxy's API)`],
        ['Postgres', view.urls.postgres],
        ['Redis', view.urls.redis],
      ],
      { width: cli.out.columns, indent: 2 },
    ),
    '',
    bold(options.detached ? 'Try' : 'Try, in another terminal'),
    dim('  # look at the shop, place an order, see what became of it'),
    `  curl -s ${shop}/products`,
    `  curl -s ${shop}/orders -H 'content-type: application/json' -H 'idempotency-key: my-first-order' \\`,
    `    -d '{"customer":"me","sku":"mug","quantity":1}'`,
    command('unhappy truth'),
    dim('  # make payments slow for half a minute, see what a quote takes now, heal'),
    command("unhappy inject latency 'api-*:payments' --latencyMs 400 --for 30s"),
    `  curl -s -w '%{time_total} s\\n' ${shop}/quotes -H 'content-type: application/json' -d '{"sku":"mug","quantity":1}'`,
    command('unhappy heal'),
    dim('  # learn: five minutes, one line to change'),
    command('unhappy lab start lab-zero'),
    '',
    options.detached
      ? `It runs on by itself. Take it down with: ${asTyped('unhappy down', cli.program)}`
      : 'Ctrl-C takes everything down.',
  ].join('\n')
}
