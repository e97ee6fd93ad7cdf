import { parseArgs } from 'node:util'

import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { ProxyOptions } from './run-proxy.ts'

/** Flags of `toxiproxy-server`, and ours; each may have one dash or two. */
export const proxyFlags = {
  host: { type: 'string', help: 'Where the API listens (127.0.0.1). Environment: LINKS_HOST.' },
  port: { type: 'string', help: 'Port of the API (8474). Environment: LINKS_PORT.' },
  config: { type: 'string', help: 'JSON file with proxies. Environment: LINKS_CONFIG.' },
  seed: { type: 'string', help: 'Seed of everything random. Environment: LINKS_SEED.' },
  'listen-host': {
    type: 'string',
    help: 'Where proxies listen that name no host (127.0.0.1). Environment: LINKS_LISTEN_HOST.',
  },
  'connect-timeout': {
    type: 'string',
    help: 'How long an upstream may take to accept, ms (30000).',
  },
  'plain-accept': { type: 'boolean', help: "Keeps off Node's private API: slower." },
  'allow-origin': { type: 'string', help: 'Origin whose pages may call the API; comma-separated.' },
  'runtime-metrics': { type: 'boolean', help: 'Figures of the process in /metrics.' },
  'proxy-metrics': { type: 'boolean', help: 'Accepted; /metrics always has them.' },
} as const satisfies Record<string, { type: 'string' | 'boolean'; help: string }>

/** Options of a command line, with the environment behind it. Throws an InputError. */
export function parseProxyFlags(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): ProxyOptions {
  const values = parse(args)
  const text = (flag: keyof typeof proxyFlags, variable?: string): string | undefined => {
    const value = values[flag] ?? (variable === undefined ? undefined : environment[variable])
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return defined({
    host: text('host', 'LINKS_HOST'),
    port: integer('port', text('port', 'LINKS_PORT'), 65_535),
    config: text('config', 'LINKS_CONFIG'),
    seed: integer('seed', text('seed', 'LINKS_SEED'), Number.MAX_SAFE_INTEGER),
    listenHost: text('listen-host', 'LINKS_LISTEN_HOST'),
    connectTimeoutMs: integer('connect-timeout', text('connect-timeout'), 2 ** 31 - 1),
    allowOrigins: text('allow-origin')?.split(','),
    plainAccept: values['plain-accept'] === true,
    runtimeMetrics: values['runtime-metrics'] === true,
  })
}

function parse(args: readonly string[]): Record<string, string | boolean | undefined> {
  // Go's flags have one dash; parseArgs would read them as several short ones.
  const dashed = args.map((arg) => arg.replace(/^-(?=[a-z][a-z-])/, '--'))
  try {
    return parseArgs({ args: dashed, options: proxyFlags, strict: true }).values
  } catch (error) {
    throw new InputError(messageOf(error), {
      remedy: `Known flags: ${Object.keys(proxyFlags)
        .map((flag) => `-${flag}`)
        .join(', ')}.`,
    })
  }
}

function integer(flag: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw new InputError(`-${flag}: must be a whole number from 0 to ${max}, got "${text}".`)
}

function defined<T extends object>(values: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>
  }
}
