import { entriesMax } from '#chaos/contracts/max.ts'

import { DataPlaneError, locate } from '../plane/data-plane-error.ts'
import type { ProxyChange, ProxyInput } from '../plane/data-plane.ts'
import type { Protocol } from '../plane/inspector.ts'
import type { ToxicChange, ToxicInput } from '../plane/link-toxics.ts'
import { leaseLimitMs } from '../time/lease.ts'
import type { TlsPolicy } from '../tls/link-tls.ts'
import { toxicKinds } from '../toxics/index.ts'
import { mergeAttributes } from '../toxics/lib/toxic-kind.ts'
import { type Fields, kindOf, readFields } from './fields.ts'
import { bad } from './go-json.ts'

/** Proxies in one request or file. Toxiproxy has no bound. */
export const proxiesMax = entriesMax
/** Toxics of a proxy in one request or file. */
export const toxicsMax = 100

const protocols: readonly Protocol[] = ['http', 'postgres', 'redis']
const tlsPolicies: readonly TlsPolicy[] = ['avoid', 'pass']

/** Body of `POST /proxies`; entry of `POST /populate` and of a configuration file. `where` is ` at proxy 2` or empty. */
export function proxyInput(body: unknown, where = ''): ProxyInput {
  const fields = readFields(body, 'Proxy')
  const name = required(fields, 'name', where)
  const upstream = required(fields, 'upstream', where)
  const toxics = fields.raw('toxics') ?? []
  if (!Array.isArray(toxics))
    throw new DataPlaneError(400, `toxics: must be an array${where}`, {
      plain: 'toxics: must be an array',
    })
  if (toxics.length > toxicsMax) throw tooMany('toxics', toxicsMax, toxics.length)
  return {
    name: addressable(name, 'name'),
    upstream,
    listen: fields.text('listen') ?? '',
    enabled: fields.boolean('enabled') ?? true,
    protocol: oneOf(fields, 'protocol', protocols),
    tls: oneOf(fields, 'tls', tlsPolicies),
    optional: fields.boolean('optional') ?? false,
    alternatives: alternativesOf(fields),
    toxics: distinct(toxics.map((toxic, i) => locate(`toxic ${i + 1}`, () => toxicInput(toxic)))),
  }
}

/** Body of `POST /populate`: an array of proxies, or an object with such an array in `proxies`. */
export function populateInput(body: unknown): ProxyInput[] {
  const object = typeof body === 'object' && body !== null && !Array.isArray(body)
  const list = object ? readFields(body, 'Proxies').raw('proxies') : body
  if (!Array.isArray(list))
    throw bad({
      go: `json: cannot unmarshal ${kindOf(body)} into Go value of type []toxiproxy.Proxy`,
      plain: 'must be an array of proxies, or an object with such an array in "proxies"',
    })
  if (list.length > proxiesMax) throw tooMany('proxies', proxiesMax, list.length)
  return list.map((entry, index) =>
    locate(`proxy ${index + 1}`, () => proxyInput(entry, ` at proxy ${index + 1}`)),
  )
}

/** Body of `PATCH /proxies/{p}`. A `name` is ignored. */
export function proxyChange(body: unknown): ProxyChange {
  const fields = readFields(body, 'Proxy')
  return {
    listen: fields.text('listen'),
    upstream: fields.text('upstream'),
    enabled: fields.boolean('enabled'),
    keepConnections: fields.boolean('keepConnections'),
    expiresInMs: leaseOf(fields),
  }
}

/** Body of `POST /proxies/{p}/toxics`. */
export function toxicInput(body: unknown): ToxicInput {
  const fields = readFields(body, 'ToxicWrapper')
  const type = fields.text('type') ?? ''
  const streamAsGiven = fields.text('stream') ?? 'downstream'
  const stream = streamAsGiven.toLowerCase()
  if (stream !== 'upstream' && stream !== 'downstream')
    throw new DataPlaneError(400, 'stream was invalid, can be either upstream or downstream', {
      plain: `stream: must be upstream or downstream, got "${streamAsGiven}"`,
    })
  const kind = toxicKinds.find((one) => one.type === type)
  if (kind === undefined)
    throw new DataPlaneError(400, 'invalid toxic type', {
      plain: `"${type}" is not a type of toxic`,
      remedy: `Known: ${toxicKinds.map((one) => one.type).join(', ')}.`,
    })
  return {
    name: addressable(fields.text('name') || `${type}_${streamAsGiven}`, 'name'),
    kind,
    stream,
    streamAsGiven,
    toxicity: toxicityOf(fields) ?? 1,
    attributes: mergeAttributes(kind, fields.raw('attributes')),
    hidden: fields.boolean('hidden') ?? false,
    expiresInMs: leaseOf(fields),
  }
}

/** Body of `PATCH /proxies/{p}/toxics/{t}`. Type, stream and name are ignored. */
export function toxicChange(body: unknown): ToxicChange {
  const fields = readFields(body, 'ToxicWrapper')
  return {
    toxicity: toxicityOf(fields),
    attributes: fields.raw('attributes'),
    expiresInMs: leaseOf(fields),
  }
}

/** `expiresInMs` of a body. */
export function leaseOf(fields: Fields): number | undefined {
  const expiresInMs = fields.number('expiresInMs')
  if (expiresInMs === undefined) return undefined
  if (expiresInMs > 0 && expiresInMs <= leaseLimitMs) return expiresInMs
  throw new DataPlaneError(
    400,
    `expiresInMs: must be above 0 and at most ${leaseLimitMs}, got ${expiresInMs}`,
  )
}

/** `alternatives` of a proxy in a configuration file. */
function alternativesOf(fields: Fields): readonly string[] {
  const value = fields.raw('alternatives') ?? []
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new DataPlaneError(400, 'alternatives: must be an array of addresses')
}

export function tooMany(field: string, max: number, given: number): DataPlaneError {
  return new DataPlaneError(400, `${field}: must have at most ${max} entries, got ${given}`)
}

function required(fields: Fields, key: string, where: string): string {
  const value = fields.text(key)
  if (value === undefined || value === '')
    throw new DataPlaneError(400, `missing required field: ${key}${where}`, {
      plain: `"${key}" is missing`,
    })
  return value
}

/** A name with a slash could not be used in a path of the API. */
function addressable(name: string, field: string): string {
  if (!name.includes('/')) return name
  throw new DataPlaneError(400, `${field}: must not contain "/", got "${name}"`)
}

function toxicityOf(fields: Fields): number | undefined {
  const toxicity = fields.number('toxicity')
  if (toxicity === undefined || (toxicity >= 0 && toxicity <= 1)) return toxicity
  throw new DataPlaneError(400, `toxicity: must be between 0 and 1, got ${toxicity}`)
}

function oneOf<Value extends string>(
  fields: Fields,
  key: string,
  values: readonly Value[],
): Value | undefined {
  const text = fields.text(key)
  const found = values.find((one) => one === text)
  if (found !== undefined || text === undefined) return found
  throw new DataPlaneError(400, `${key}: must be one of ${values.join(', ')}, got "${text}"`)
}

function distinct(toxics: ToxicInput[]): ToxicInput[] {
  const names = new Set(toxics.map(({ name }) => name))
  if (names.size !== toxics.length)
    throw new DataPlaneError(409, 'toxic already exists', {
      plain: 'two toxics have the same name',
    })
  return toxics
}
