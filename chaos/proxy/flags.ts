import { parseArgs } from 'node:util'

import { InputError, messageOf, unknownName } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import type { ProxyOptions } from './run-proxy.ts'

/** The flags of `toxiproxy-server`, and more. Each may have one dash or two. */
export const proxyFlags = {
  host: {
    type: 'string',
    help: 'Host on which the API listens (127.0.0.1). Environment: LINKS_HOST.',
  },
  port: { type: 'string', help: 'Port of the API (8474). Environment: LINKS_PORT.' },
  config: { type: 'string', help: 'JSON file with the proxies. Environment: LINKS_CONFIG.' },
  seed: { type: 'string', help: 'Seed of all random values. Environment: LINKS_SEED.' },
  'listen-host': {
    type: 'string',
    help: 'Host of proxies whose `listen` has no host (127.0.0.1). Environment: LINKS_LISTEN_HOST.',
  },
  'connect-timeout': {
    type: 'string',
    help: 'How long an upstream may take to accept a connection, ms (30000).',
  },
  'plain-accept': { type: 'boolean', help: "Use only Node's public API: slower." },
  'allow-origin': {
    type: 'string',
    help: 'Origins whose pages may call the API, separated by commas.',
  },
  'own-proxies-only': {
    type: 'boolean',
    help: 'Refuse other proxies than those of -config, except from requests with authorization: Bearer and the secret in the environment variable LINKS_SECRET. Environment: LINKS_OWN_PROXIES_ONLY=1.',
  },
  'runtime-metrics': {
    type: 'boolean',
    help: 'Add memory and CPU time of the process to /metrics.',
  },
  'proxy-metrics': { type: 'boolean', help: 'Has no effect: /metrics always has these figures.' },
} as const satisfies Record<string, { type: 'string' | 'boolean'; help: string }>

/** Reads the options from the command line, then from the environment. Throws an InputError. */
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
    ownProxiesOnly:
      values['own-proxies-only'] === true || environment['LINKS_OWN_PROXIES_ONLY'] === '1',
    // No flag: every user of the machine can read the arguments of a process.
    secret: environment['LINKS_SECRET'] === '' ? undefined : environment['LINKS_SECRET'],
    plainAccept: values['plain-accept'] === true,
    runtimeMetrics: values['runtime-metrics'] === true,
  })
}

function parse(args: readonly string[]): Record<string, string | boolean | undefined> {
  // Go's flags have one dash; parseArgs would read such a flag as several short flags.
  const dashed = args.map((arg) => arg.replace(/^-(?=[a-z][a-z-])/, '--'))
  try {
    return parseArgs({ args: dashed, options: proxyFlags, strict: true }).values
  } catch (error) {
    const message = messageOf(error)
    const known = Object.keys(proxyFlags).map((flag) => `-${flag}`)
    const unknown = /^Unknown option '-?(-[^']+)'/.exec(message)?.[1]
    if (unknown !== undefined) throw unknownName('flag', unknown, known)
    throw new InputError(shortened(message, 200), { remedy: `Known: ${known.join(', ')}.` })
  }
}

function integer(flag: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw new InputError(`-${flag} "${shortened(text)}" is not valid.`, {
    remedy: `Use a whole number from 0 to ${max}.`,
  })
}

function defined<T extends object>(values: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>
  }
}
