import type { LinkStatus, Toxic } from '#chaos/contracts/links.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { toxicKinds } from '../toxics/index.ts'
import {
  type AnyToxicKind,
  attributeSchemas,
  type AttributeSchema,
} from '../toxics/lib/toxic-kind.ts'
import { createRequester } from './requester.ts'

/** What a command line says about a new toxic. */
export interface ToxicArguments {
  readonly link: string
  readonly type: string
  /** `name=value`, as `latency=100`. */
  readonly attributes: readonly string[]
  /** Default `<type>_<stream>`. */
  readonly name?: string
  readonly stream?: Toxic['stream']
  readonly toxicity?: number
  readonly expiresInMs?: number
}

const timeoutMs = 10_000

/** Every proxy of a running data plane, with its toxics and live figures. */
export async function listLinks(url: string): Promise<readonly LinkStatus[]> {
  return (await createRequester(url, timeoutMs)('GET', '/links')) as LinkStatus[]
}

/** One of them. Throws an InputError that names the known ones. */
export async function inspectLink(url: string, name: string): Promise<LinkStatus> {
  const links = await listLinks(url)
  const link = links.find((one) => one.name === name)
  if (link !== undefined) return link
  throw unknownName(
    'link',
    name,
    links.map((one) => one.name),
  )
}

/** Puts a toxic on a link; returns it as the data plane has it. Throws an InputError for what it would not take. */
export async function addToxicTo(url: string, order: ToxicArguments): Promise<Toxic> {
  const { link, type, attributes, ...rest } = order
  const body = { ...rest, type, attributes: parseAttributes(type, attributes) }
  await inspectLink(url, link)
  return (await createRequester(url, timeoutMs)('POST', pathOf(link), body)) as Toxic
}

/** Takes a toxic away. Throws an InputError that names those that are there. */
export async function removeToxicFrom(url: string, link: string, toxic: string): Promise<void> {
  const { toxics } = await inspectLink(url, link)
  if (toxics.length === 0) throw new InputError(`Link "${link}" has no toxic.`, { status: 404 })
  if (!toxics.some(({ name }) => name === toxic))
    throw unknownName(
      'toxic',
      toxic,
      toxics.map(({ name }) => name),
    )
  await createRequester(url, timeoutMs)('DELETE', `${pathOf(link)}/${encodeURIComponent(toxic)}`)
}

/** One line for each kind of toxic, or everything about one; generated from its schema. */
export function toxicHelp(type?: string): string {
  if (type !== undefined) return kindHelp(kindOf(type))
  const width = Math.max(...toxicKinds.map((kind) => kind.type.length))
  return toxicKinds.map((kind) => `${kind.type.padEnd(width)}  ${kind.description}`).join('\n')
}

/** The values of `latency=100`; throws an InputError for an unknown type, an unknown attribute or a value of the wrong kind. */
export function parseAttributes(type: string, given: readonly string[]): Toxic['attributes'] {
  const schemas = new Map(attributeSchemas(kindOf(type)))
  return Object.fromEntries(
    given.map((text) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
      const schema = schemas.get(name)
      if (name === '')
        throw new InputError(`"${text}" is no attribute.`, { remedy: 'Write name=value.' })
      if (schema === undefined) throw unknownName(`attribute of ${type}`, name, [...schemas.keys()])
      return [name, valueOf(name, schema, value)]
    }),
  )
}

function valueOf(name: string, schema: AttributeSchema, text: string): number | string | boolean {
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (schema.anyOf?.some((one) => one.const === text)) return text
  if (schema.type === 'string') return text
  const number = Number(text)
  if (isNumeric(schema) && text !== '' && Number.isFinite(number)) return number
  throw new InputError(`${name}: must be ${kindWord(schema)}, got "${text}".`)
}

function kindHelp(kind: AnyToxicKind): string {
  const lines = attributeSchemas(kind).map(([name, schema]) => {
    const range = bounds(schema)
    const standard = schema.default === undefined ? '' : ` Default ${schema.default}.`
    return `  ${name}  ${kindWord(schema)}${range}. ${schema.description ?? ''}${standard}`
  })
  return [kind.description, ...(lines.length === 0 ? ['  No attributes.'] : lines)].join('\n')
}

function bounds({ minimum, maximum }: AttributeSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  return minimum === undefined ? '' : `, at least ${minimum}`
}

function kindWord(schema: AttributeSchema): string {
  if (schema.anyOf !== undefined) return `one of ${schema.anyOf.map((one) => one.const).join(', ')}`
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'string') return 'a text'
  return schema.type === 'integer' ? 'a whole number' : 'a number'
}

function isNumeric({ type }: AttributeSchema): boolean {
  return type === 'integer' || type === 'number'
}

function kindOf(type: string): AnyToxicKind {
  const kind = toxicKinds.find((one) => one.type === type)
  if (kind !== undefined) return kind
  throw unknownName(
    'toxic type',
    type,
    toxicKinds.map((one) => one.type),
  )
}

function pathOf(link: string): string {
  return `/proxies/${encodeURIComponent(link)}/toxics`
}
