import { parseArgs } from 'citty'
import type { ArgsDef } from 'citty'

import { InputError, messageOf, unknownName } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'

import type { AnyCommand } from './command.ts'

/** Options of every command. They may stand anywhere on the command line. */
export const globalArgs = {
  json: { type: 'boolean', description: 'Print the result as JSON and ask no questions.' },
  sandbox: {
    type: 'string',
    valueHint: 'slot',
    description: 'Select a sandbox if several are running (see `unhappy status`).',
  },
  color: {
    type: 'boolean',
    default: true,
    description: 'Print colours. NO_COLOR=1 turns them off.',
    negativeDescription: 'Print no colours. NO_COLOR=1 does the same.',
  },
  help: { type: 'boolean', alias: 'h', description: 'Print this help.' },
} as const satisfies ArgsDef

/** Parses a command's arguments. Unlike citty it rejects unknown options and surplus arguments. Throws {@link InputError}. */
export function parseCommandLine(
  command: AnyCommand,
  name: string,
  rawArgs: readonly string[],
): never {
  const args: ArgsDef = { ...command.args, ...globalArgs }
  const remedy = `See: ${name} --help`
  let parsed: Record<string, unknown> & { readonly _: string[] }
  try {
    // Missing arguments are reported last: an unknown option may be a misspelt one.
    parsed = parseArgs([...rawArgs], optional(args))
  } catch (error) {
    throw new InputError(shortened(messageOf(error), 300), { remedy })
  }
  rejectUnknown(args, parsed, remedy)
  if (command.acceptsExtraArguments !== true) rejectSurplus(args, parsed._, remedy)
  rejectMissing(args, parsed, remedy)
  for (const [key, def] of Object.entries(args))
    if (def.type === 'string' && parsed[key] === '')
      throw new InputError(`--${key} needs a value.`, { remedy })
  return parsed as never
}

function rejectUnknown(args: ArgsDef, parsed: Record<string, unknown>, remedy: string): void {
  const names = Object.entries(args)
    .filter(([, def]) => def.type !== 'positional')
    .flatMap(([key, def]) => [key, ...('alias' in def ? [def.alias ?? []].flat() : [])])
  const known = new Set(names.map((name) => plain(name)))
  for (const key of Object.keys(parsed)) {
    if (key === '_' || known.has(plain(key)) || args[key] !== undefined) continue
    const dashes = key.length === 1 ? '-' : '--'
    const long = names.filter((name) => name.length > 1).map((name) => `--${name}`)
    const error = unknownName('option', `${dashes}${key}`, long)
    throw new InputError(error.message, { remedy })
  }
}

function optional(args: ArgsDef): ArgsDef {
  return Object.fromEntries(
    Object.entries(args).map(([key, def]) => [key, { ...def, required: false }]),
  )
}

function rejectMissing(args: ArgsDef, parsed: Record<string, unknown>, remedy: string): void {
  for (const [key, def] of Object.entries(args)) {
    const isRequired = def.type === 'positional' ? def.required !== false : def.required === true
    if (!isRequired || def.default !== undefined || parsed[key] !== undefined) continue
    const name = def.type === 'positional' ? key.toUpperCase() : `--${key}`
    const what = (def.description ?? '').replace(/\.$/, '')
    throw new InputError(`${name} is missing${what === '' ? '' : `: ${what}`}.`, { remedy })
  }
}

function rejectSurplus(args: ArgsDef, positionals: readonly string[], remedy: string): void {
  const taken = Object.values(args).filter((def) => def.type === 'positional').length
  const surplus = positionals.slice(taken)
  if (surplus.length > 0)
    throw new InputError(`Unexpected argument "${shortened(surplus.join(' '))}".`, { remedy })
}

/** `latencyMs` and `latency-ms` are the same option. */
function plain(name: string): string {
  return name.replaceAll('-', '').toLowerCase()
}
