import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import type { PartialCounters, TruthCounters } from '#chaos/contracts/truth.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { exitStatus } from '../exit-status.ts'
import { withProgramName } from '../program-name.ts'
import { requireSandbox } from '../sandbox/find.ts'
import { textTable } from '../ui/text-table.ts'

export default defineCommand({
  about:
    'Reads the sources of truth directly, through no link. When the shop is settled, the numbers of paid orders, captured charges and ledger charges must be equal, and no order may be unfinished. Exit status 2 if a source cannot be read.',
  examples: ['unhappy truth', 'unhappy truth --json'],
  run: async ({ cli }) => {
    const client = await requireSandbox(cli)
    const { counters, unread } = await readCounters(client)
    if (cli.json)
      cli.out.line(JSON.stringify(unread.length === 0 ? counters : { ...counters, unread }))
    else printCounters(cli, counters)
    if (unread.length === 0) {
      if (!cli.json) cli.out.line(judgement(counters, cli.out.colours))
      return exitStatus.held
    }
    for (const { source, error } of unread)
      cli.err.line(cli.err.colours.red(`${source} cannot be read: ${error}.`))
    cli.err.line(withProgramName('See which instances are not ready: unhappy status', cli.program))
    return exitStatus.inconclusive
  },
})

/** The counters, or what could be read of them. */
async function readCounters(client: ApiClient): Promise<PartialCounters> {
  try {
    return { counters: await client.truth(), unread: [] }
  } catch (error) {
    if (error instanceof InputError && error.status === 503 && error.details !== undefined)
      return error.details as unknown as PartialCounters
    throw error
  }
}

function printCounters(cli: Cli, counters: TruthCounters): void {
  const all = truthOf(system).counters
  const rows = all.map(({ name, source, what }, i) => [
    source === all[i - 1]?.source ? '' : source,
    what,
    String(counters[name] ?? 'unknown'),
  ])
  const columns = [
    { title: 'source' },
    { title: 'what' },
    { title: 'count', align: 'right' as const },
  ]
  cli.out.line(textTable(columns, rows, { width: cli.out.columns, heading: cli.out.colours.dim }))
  cli.out.line()
}

function judgement(
  truth: TruthCounters,
  colours: {
    green: (t: string) => string
    red: (t: string) => string
    yellow: (t: string) => string
  },
): string {
  const { inFlight, equal = [] } = truthOf(system)
  const agree = new Set(equal.map((name) => truth[name])).size <= 1
  const settled = inFlight.every(({ counter }) => (truth[counter] ?? 0) === 0)
  if (agree)
    return colours.green(
      settled
        ? 'The sources agree, and the shop is settled.'
        : 'The sources agree. Work is still in flight.',
    )
  return settled
    ? colours.red('The sources do not agree, and the shop is settled: the difference will stay.')
    : colours.yellow('The sources do not agree. Work is still in flight.')
}
