import type { ArgsDef } from 'citty'

import type { FaultBody } from '#chaos/contracts/api.ts'
import { leaseDefaultMs, leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { TargetKind } from '#chaos/contracts/fault.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { AnyCommand } from './command.ts'
import { faultExample } from './fault-example.ts'
import type { FaultWithExample } from './fault-example.ts'
import { withProgramName } from './program-name.ts'
import { requireSandbox } from './sandbox/find.ts'
import { checkTarget } from './target.ts'

/** The parts of a fault from which its command is made. */
export interface FaultShape extends FaultWithExample {
  readonly description: string
  readonly target: TargetKind
  readonly stores?: readonly string[]
  /** JSON Schema of an object. */
  readonly params: unknown
}

interface Property {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly { readonly const?: string }[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

const targets = {
  link: "A link, or a pattern in quotes: 'api-*:postgres'.",
  instance: "An instance, or a pattern in quotes: 'worker-*'.",
  store: 'A store.',
} as const

/** `unhappy inject KIND TARGET --param value --for 30s`. Each property of the fault's schema becomes an option. */
export function faultCommand(fault: FaultShape): AnyCommand {
  const { properties, required } = fault.params as {
    readonly properties: Readonly<Record<string, Property>>
    readonly required?: readonly string[]
  }
  const store = fault.stores?.[0]
  const args: ArgsDef = {
    target: {
      type: 'positional',
      required: store === undefined,
      description:
        fault.stores === undefined
          ? targets[fault.target]
          : `The store: ${fault.stores.join(' or ')}.`,
      ...(store === undefined ? {} : { default: store }),
    },
    ...Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [
        name,
        option(property, required?.includes(name) === true),
      ]),
    ),
    for: {
      type: 'string',
      valueHint: 'duration',
      description: `How long the fault lasts: 500ms, 30s, 2m. At most ${formatDuration(leaseMaxMs)}.`,
      default: formatDuration(leaseDefaultMs),
    },
  }
  return {
    args,
    examples: [faultExample(fault)],
    run: async ({ args: given, cli }) => {
      const values = given as Readonly<Record<string, unknown>>
      const files = await listSandboxFiles(cli.home.sandboxes)
      const isAdopted = files.some(({ runtime }) => runtime === 'adopted')
      const request = requestOf(fault, properties, values, isAdopted ? 'adopted' : 'shop')
      const client = await requireSandbox(cli)
      const active = await client.inject(request)
      if (cli.json) return cli.out.line(JSON.stringify(active))
      const { red, dim } = cli.out.colours
      cli.out.line(
        `${red(active.kind)} is active on ${active.targets.join(', ')} (${active.mechanism}).`,
      )
      cli.out.line(
        `It ends at ${active.until.slice(11, 19)} UTC. End it now: ${withProgramName(`unhappy heal ${active.id}`, cli.program)}`,
      )
      cli.out.line(
        dim(
          `See what it does: ${client.file.url}   ${withProgramName('unhappy status', cli.program)}`,
        ),
      )
    },
  }
}

function option(property: Property, required: boolean): ArgsDef[string] {
  const words = property.enum ?? property.anyOf?.flatMap(({ const: word }) => word ?? [])
  const base = { description: property.description ?? '', required }
  if (property.type === 'boolean') return { ...base, type: 'boolean' }
  if (words !== undefined && words.length > 0) return { ...base, type: 'enum', options: [...words] }
  if (property.type === 'object') return { ...base, type: 'string', valueHint: 'NAME=value,...' }
  const valueHint = property.pattern?.includes('ms|s|m') === true ? 'duration' : property.type
  return { ...base, type: 'string', valueHint: valueHint ?? 'value' }
}

function requestOf(
  fault: FaultShape,
  properties: Readonly<Record<string, Property>>,
  values: Readonly<Record<string, unknown>>,
  names: Parameters<typeof checkTarget>[2],
): FaultBody {
  const target = checkTarget(String(values['target']), fault.target, names)
  const params = Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => values[name] !== undefined)
      .map(([name, property]) => [name, valueOf(name, property, values[name])]),
  )
  const leaseMs = parseDuration(String(values['for']))
  if (leaseMs > leaseMaxMs || leaseMs === 0)
    throw new InputError(`A fault cannot last ${String(values['for'])}.`, {
      remedy: `Use more than 0 and at most ${formatDuration(leaseMaxMs)}, for example --for 30s.`,
    })
  return { kind: fault.kind, target, params, leaseMs }
}

function valueOf(name: string, property: Property, given: unknown): unknown {
  if (property.type === 'object') return pairs(name, String(given))
  if (property.type !== 'number' && property.type !== 'integer') return given
  const value = Number(given)
  const { minimum = -Infinity, maximum = Infinity } = property
  const whole = property.type === 'number' || Number.isInteger(value)
  if (String(given).trim() !== '' && whole && value >= minimum && value <= maximum) return value
  const range = [
    minimum === -Infinity ? '' : `at least ${minimum}`,
    maximum === Infinity ? '' : `at most ${maximum}`,
  ].filter((part) => part !== '')
  throw new InputError(`"${String(given)}" is not a valid value for --${name}.`, {
    remedy: `Use ${property.type === 'integer' ? 'a whole number' : 'a number'}${range.length > 0 ? `, ${range.join(' and ')}` : ''}. ${property.description ?? ''}`,
  })
}

/** `A=1,B=2` */
function pairs(name: string, text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=')
      if (at > 0) return [pair.slice(0, at).trim(), pair.slice(at + 1)]
      throw new InputError(`"${text}" is not a valid value for --${name}.`, {
        remedy: `Write names with values: --${name} NAME=value,OTHER=value`,
      })
    }),
  )
}
