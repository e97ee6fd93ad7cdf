import type { ApiClient, LogQuery } from '#chaos/api/client/api-client.ts'
import { logLinesMax } from '#chaos/contracts/max.ts'
import type { LogLine } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { describeLogLine } from '#chaos/report/describe-log-line.ts'

import type { Cli } from '../cli.ts'
import { defineCommand } from '../command.ts'
import { requireSandbox } from '../sandbox/find.ts'

export default defineCommand({
  args: {
    instance: {
      type: 'positional',
      required: false,
      description: 'For example api-1, worker-2, payments or postgres. Default: all instances.',
    },
    follow: { type: 'boolean', alias: 'f', description: 'Print new lines until Ctrl-C.' },
    tail: {
      type: 'string',
      valueHint: 'lines',
      default: '50',
      description: 'Number of past lines to print.',
    },
    raw: {
      type: 'boolean',
      description: 'Print lines as the services wrote them: one JSON object each.',
    },
  },
  examples: ['unhappy logs worker-1', 'unhappy logs -f', 'unhappy logs api-1 --tail 500 --raw'],
  run: async ({ args, cli }) => {
    if (!/^\d{1,5}$/.test(args.tail) || Number(args.tail) > logLinesMax)
      throw new InputError(`"${args.tail}" is not a valid number of lines.`, {
        remedy: `Use a whole number up to ${logLinesMax}, for example --tail 200.`,
      })
    const client = await requireSandbox(cli, '\nRead the logs of the last run in runs/latest/logs/')
    const names = await namesOf(client, args.instance)
    const show = args.raw === true ? asWritten : inWords
    const print = (line: LogLine): void => {
      if (cli.json) cli.out.line(JSON.stringify(line))
      else cli.out.line(`${frameOf(cli, line, names)}${show(cli, line.text)}`)
    }
    const query = { tail: Number(args.tail), follow: args.follow === true }
    try {
      if (args.follow === true)
        await Promise.all(
          names.map(async (name) => {
            for await (const line of client.logs(name, query, cli.signal)) print(line)
          }),
        )
      else for (const line of await merged(client, names, query, cli.signal)) print(line)
    } catch (error) {
      if (!cli.signal.aborted) throw error
    }
  },
})

async function namesOf(client: ApiClient, name: string | undefined): Promise<readonly string[]> {
  if (name !== undefined) return [name]
  const { instances } = await client.sandbox()
  return instances.map((instance) => instance.name)
}

async function merged(
  client: ApiClient,
  names: readonly string[],
  query: LogQuery,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  const all = await Promise.all(
    names.map((name) => Array.fromAsync(client.logs(name, query, signal))),
  )
  return all.flat().toSorted((a, b) => a.at.localeCompare(b.at))
}

function frameOf({ out }: Cli, { at, instance }: LogLine, names: readonly string[]): string {
  const who = names.length === 1 ? '' : `${out.colours.cyan(instance.padEnd(9))} `
  return `${out.colours.dim(at.slice(11, 23))} ${who}`
}

const asWritten = (_cli: Cli, text: string): string => text

function inWords({ out: { colours } }: Cli, written: string): string {
  const { level, text } = describeLogLine(written)
  if (level === null) return text
  const paint =
    level === 'warn' ? colours.yellow : /^(error|fatal)$/.test(level) ? colours.red : colours.dim
  return `${paint(level.padEnd(5))} ${text}`
}
