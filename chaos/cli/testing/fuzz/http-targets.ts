import fc from 'fast-check'

import { faults } from '#chaos/faults/index.ts'
import type { Random } from '#chaos/lib/random.ts'
import { bodySchemas } from '#chaos/proxy/http/body-schemas.ts'
import { toxicKinds } from '#chaos/proxy/toxics/index.ts'
import { attributeSchemas } from '#chaos/proxy/toxics/lib/toxic-kind.ts'

import { exchange } from './exchange.ts'
import type { Answer } from './exchange.ts'
import { httpBytes, pathPart } from './http-bytes.ts'
import type { HttpInput } from './http-bytes.ts'
import { judgeController, judgeLinks, judgeService } from './judge-answer.ts'
import { mutatedJson } from './mutate.ts'
import type { FuzzTarget, Tried } from './run-fuzz.ts'
import { scenarioText } from './scenario-texts.ts'
import { valuesOf } from './schema-values.ts'
import type { ValueSchema } from './schema-values.ts'

/** One request that a server offers. */
export interface Offer {
  readonly method: string
  /** With parameters in braces. */
  readonly path: string
  readonly query?: readonly { readonly name: string; readonly schema: ValueSchema }[]
  readonly body?: (random: Random) => unknown
  /** Values for parameters of the path, in addition to wrong ones. */
  readonly known?: readonly string[]
  /** A valid request would end or rebuild the sandbox, so it is only sent without a valid token. */
  readonly guarded?: boolean
}

interface ServerOptions {
  readonly name: string
  readonly share: number
  readonly port: number
  readonly offers: readonly Offer[]
  /** Headers of a proper request. */
  readonly headers?: Readonly<Record<string, string>>
  /** Headers of a request that must be refused. */
  readonly strangers?: Readonly<Record<string, string>>
  /** What is wrong with the response. */
  judge(answer: Answer, offer: Offer): string | undefined
}

/** How long a complete request may take. A request that is not complete gets a short time. */
const waitMs = 20_000
const shortWaitMs = 150

/** A target that receives HTTP. */
function httpTarget(options: ServerOptions): FuzzTarget {
  return {
    name: options.name,
    share: options.share,
    tryOne: async (random) => {
      const offer = random.pick(options.offers)
      const input = inputOf(offer, options, random)
      const { bytes, complete } = httpBytes(input, random)
      const answer = await exchange(options.port, bytes, {
        waitMs: complete ? waitMs : shortWaitMs,
        halfClose: !complete && random.next() < 0.3,
      })
      const tried = {
        outcome: String(answer.status ?? answer.error ?? 'no response'),
        input: bytes.subarray(0, 600).toString(),
      }
      const problem = problemOf(answer, complete) ?? options.judge(answer, offer)
      return problem === undefined ? tried : { ...tried, problem }
    },
  }
}

function inputOf(offer: Offer, options: ServerOptions, random: Random): HttpInput {
  const path = offer.path.replaceAll(/\{[^}]+\}/g, () =>
    offer.known !== undefined && random.next() < 0.5
      ? encodeURIComponent(random.pick(offer.known))
      : pathPart(random) || 'x',
  )
  const query = (offer.query ?? [])
    .filter(() => random.next() < 0.7)
    .map(({ name }) => `${name}=${pathPart(random)}`)
  const stranger = offer.guarded === true || random.next() < 0.05
  const body = offer.body === undefined ? undefined : mutatedJson(offer.body(random), random)
  return {
    method:
      random.next() < 0.03
        ? random.pick(['PUT', 'TRACE', 'OPTIONS', 'HEAD', 'QUERY'])
        : offer.method,
    path: `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: {
      host: `127.0.0.1:${options.port}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(stranger ? options.strangers : options.headers),
    },
    ...(body === undefined ? {} : { body }),
  }
}

/** What no server may do. */
function problemOf({ status, error, ended }: Answer, complete: boolean): string | undefined {
  if (error === 'ECONNREFUSED') return 'refuses connections'
  if (complete && !ended) return `did not respond within ${waitMs / 1_000} s`
  if (complete && status === undefined) return `responded with ${error ?? 'nothing'}`
  return undefined
}

/** Many values of the schema, made once; fast-check makes few per millisecond. */
function pool(schema: ValueSchema, seed: number): (random: Random) => unknown {
  const values = fc.sample(valuesOf(schema), { seed, numRuns: 200 })
  return (random) => random.pick(values)
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly {
              readonly in: string
              readonly name: string
              readonly schema: ValueSchema
            }[]
            readonly requestBody?: {
              readonly content: { readonly 'application/json': { readonly schema: ValueSchema } }
            }
          }
        >
      >
    >
  >
}

/** Requests that a valid token would turn into the end of the sandbox, a long run, or a folder. */
const guardedRequests: ReadonlySet<string> = new Set([
  'DELETE /api/sandbox',
  'POST /api/sandbox/restore',
  'POST /api/halt',
  'POST /api/labs/{id}/check',
])

/** The controller's API, from its OpenAPI document. */
export function controllerTarget(options: {
  readonly port: number
  readonly token: string
  readonly document: unknown
  readonly seed: number
  readonly share: number
}): FuzzTarget {
  const { paths } = options.document as OpenApi
  const offers = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]): Offer => {
      const request = `${method.toUpperCase()} ${path}`
      const schema = requestBody?.content['application/json'].schema
      const body = bodyOf(request, schema, options.seed)
      return {
        method: method.toUpperCase(),
        path: path.replaceAll('{*}', '{file}'),
        query: parameters.filter((one) => one.in === 'query'),
        ...(method === 'get' ? { known: ['dual-write', 'api-1', 'xray-1'] } : {}),
        ...(body === undefined ? {} : { body }),
        guarded: guardedRequests.has(request),
      }
    }),
  )
  return httpTarget({
    name: 'controller',
    share: options.share,
    port: options.port,
    offers: [
      ...offers,
      { method: 'GET', path: '/{page}' },
      { method: 'GET', path: '/', query: [{ name: 'secret', schema: {} }] },
    ],
    headers: { authorization: `Bearer ${options.token}` },
    strangers: { authorization: 'Bearer wrong' },
    judge: judgeController,
  })
}

/** A link that the fuzzer may break. */
export const expendable = 'api-2:payments'

function bodyOf(
  request: string,
  schema: ValueSchema | undefined,
  seed: number,
): ((random: Random) => unknown) | undefined {
  if (schema === undefined) return undefined
  const anything = pool(schema, seed)
  const object = (random: Random): Record<string, unknown> => ({ ...(anything(random) as object) })
  switch (request) {
    case 'POST /api/faults': {
      const all = Object.values(faults).map(({ kind, target, params }) => ({
        kind,
        target: target === 'link' ? expendable : 'nowhere',
        params: pool(params as ValueSchema, seed),
      }))
      return (random) => {
        const { kind, target, params } = random.pick(all)
        return { kind, target, params: params(random), leaseMs: 500 }
      }
    }
    case 'PUT /api/traffic':
      return () => ({
        ordersPerSecond: 1_000_000,
        browsePerSecond: 0,
        quotesPerSecond: 0,
        readOrdersPerSecond: 0,
      })
    case 'POST /api/traps':
      return (random) => {
        const { kill: _, pause: __, ...body } = object(random)
        return { ...body, link: random.pick([expendable, 'nowhere']), leaseMs: 500 }
      }
    case 'POST /api/taps':
      return (random) => ({
        ...object(random),
        link: random.pick([expendable, 'nowhere']),
        leaseMs: 500,
      })
    case 'POST /api/runs':
      // Without this line a scenario could be valid, and a run would start.
      return (random) => ({
        scenario: `${scenarioText(random)}\nno-such-key: 1\n`,
        ...(random.next() < 0.3 ? object(random) : {}),
      })
    case 'POST /api/xrays':
      return (random) => ({ ...object(random), flow: 'no-such-flow' })
    default:
      return anything
  }
}

/** The API of the data plane of a sandbox: requests may not create or change its proxies. */
export function linksApiTarget(options: {
  readonly port: number
  readonly seed: number
  readonly share: number
}): FuzzTarget {
  const { seed } = options
  const attributes = new Map(
    toxicKinds.map((kind) => [
      kind.type,
      pool(
        {
          type: 'object',
          properties: Object.fromEntries(attributeSchemas(kind)) as Readonly<
            Record<string, ValueSchema>
          >,
        },
        seed,
      ),
    ]),
  )
  const known = [expendable]
  const names = ['a', 'b', 'c', 'd']
  const toxic = pool(bodySchemas['POST /proxies/{proxy}/toxics'] as ValueSchema, seed)
  const withAttributes = (value: unknown, random: Random): unknown => {
    const given = value as { readonly type?: string }
    const { type = random.pick(toxicKinds).type } = given
    return {
      ...given,
      name: random.pick(names),
      type,
      attributes: attributes.get(type)?.(random),
      expiresInMs: 300,
    }
  }
  const proxy = pool(bodySchemas['POST /proxies'] as ValueSchema, seed)
  // Hosts stay on this machine: a listener's host is looked up.
  const local = (random: Random): object => ({
    ...(proxy(random) as object),
    listen: random.pick(['127.0.0.1:0', '127.0.0.1', '127.0.0.1:99999', ':', '[::1]:0']),
    upstream: random.pick(['127.0.0.1:1', '127.0.0.1', '']),
  })
  const offers: readonly Offer[] = [
    ...['/version', '/proxies', '/links', '/traps', '/metrics', '/events'].map((path) => ({
      method: 'GET',
      path,
    })),
    { method: 'GET', path: '/proxies/{p}', known },
    { method: 'GET', path: '/proxies/{p}/toxics', known },
    { method: 'GET', path: '/proxies/{p}/toxics/{t}', known: [...known, ...names] },
    { method: 'POST', path: '/proxies', body: local },
    { method: 'POST', path: '/populate', body: (random) => [local(random), local(random)] },
    {
      method: 'PATCH',
      path: '/proxies/{p}',
      body: (random) => ({ ...local(random), enabled: true }),
    },
    { method: 'DELETE', path: '/proxies/{p}' },
    { method: 'POST', path: '/proxies/{p}/reset', known },
    ...Array.from({ length: 6 }, () => ({
      method: 'POST',
      path: '/proxies/{p}/toxics',
      known: [...known, ...known, ...known],
      body: (random: Random) => withAttributes(toxic(random), random),
    })),
    {
      method: 'PATCH',
      path: '/proxies/{p}/toxics/{t}',
      known: [...known, ...names],
      body: (random) => withAttributes(toxic(random), random),
    },
    { method: 'DELETE', path: '/proxies/{p}/toxics/{t}', known: [...known, ...names] },
    { method: 'POST', path: '/reset' },
    ...['POST /traps', 'POST /taps', 'POST /heartbeat'].map((request): Offer => {
      const values = pool(bodySchemas[request] as ValueSchema, seed)
      return {
        method: 'POST',
        path: request.slice(5),
        body: (random) => ({ ...(values(random) as object), links: known, expiresInMs: 300 }),
      }
    }),
    { method: 'DELETE', path: '/traps/{t}' },
    { method: 'DELETE', path: '/taps/{t}' },
    { method: 'POST', path: '/traps/{t}/release', body: () => ({ then: 'deliver' }) },
  ]
  return httpTarget({
    name: 'links API',
    share: options.share,
    port: options.port,
    offers,
    judge: judgeLinks,
  })
}

const sku: ValueSchema = { enum: ['tea', 'coffee', 'mug', 'no-such-sku'] }
const order: ValueSchema = {
  type: 'object',
  required: ['sku', 'quantity', 'customer'],
  properties: {
    sku,
    quantity: { type: 'integer', minimum: 1, maximum: 3 },
    customer: { type: 'string', minLength: 1, maxLength: 20 },
    note: { type: 'string', maxLength: 500 },
    lines: { type: 'array', items: { type: 'string', maxLength: 80 } },
  },
}
const charge: ValueSchema = {
  type: 'object',
  required: ['orderId', 'customer', 'amountCents'],
  properties: {
    orderId: { type: 'string', minLength: 1, maxLength: 30 },
    customer: { type: 'string', minLength: 1, maxLength: 30 },
    amountCents: { type: 'integer', minimum: 1, maximum: 1_000 },
  },
}

const health: readonly Offer[] = [
  '/health/live',
  '/health/ready',
  '/metrics',
  '/seams',
  '/{x}',
].map((path) => ({ method: 'GET', path }))

/** One service of the shop, directly or through a link. */
export function serviceTarget(options: {
  readonly name: string
  readonly service: 'api' | 'worker' | 'payments'
  readonly port: number
  readonly seed: number
  readonly share: number
}): FuzzTarget {
  const { seed } = options
  const offers: Readonly<Record<typeof options.service, readonly Offer[]>> = {
    worker: health,
    api: [
      ...health,
      ...Array.from({ length: 4 }, () => ({
        method: 'POST',
        path: '/orders',
        body: pool(order, seed),
      })),
      {
        method: 'POST',
        path: '/quotes',
        body: pool(
          {
            ...order,
            required: ['sku', 'quantity'],
            properties: { sku, quantity: order.properties?.['quantity'] ?? {} },
          },
          seed,
        ),
      },
      { method: 'GET', path: '/products', query: [] },
      {
        method: 'GET',
        path: '/products/{sku}',
        known: ['tea'],
        query: [{ name: 'fresh', schema: {} }],
      },
      { method: 'GET', path: '/orders/{id}' },
    ],
    payments: [
      ...health,
      { method: 'POST', path: '/charges', body: pool(charge, seed) },
      {
        method: 'POST',
        path: '/refunds',
        body: pool(
          {
            type: 'object',
            required: ['chargeId', 'amountCents'],
            properties: {
              chargeId: { type: 'string', minLength: 1 },
              amountCents: { type: 'integer', minimum: 1, maximum: 9 },
            },
          },
          seed,
        ),
      },
      { method: 'GET', path: '/charges/by-key/{key}' },
      { method: 'GET', path: '/payment-methods', query: [{ name: 'amountCents', schema: {} }] },
      { method: 'GET', path: '/books/counts' },
    ],
  }
  return httpTarget({
    name: options.name,
    share: options.share,
    port: options.port,
    offers: offers[options.service],
    headers: { 'idempotency-key': `fuzz-${seed}` },
    judge: judgeService,
  })
}

/** A link that carries another protocol: any reply is good, as long as the link listens. */
export function bytesTarget(options: {
  readonly name: string
  readonly share: number
  readonly port: number
  bytes(random: Random): Buffer
}): FuzzTarget {
  return {
    name: options.name,
    share: options.share,
    tryOne: async (random): Promise<Tried> => {
      const bytes = options.bytes(random)
      const { error, ended } = await exchange(options.port, bytes, {
        waitMs: random.integer(5, 60),
        halfClose: random.next() < 0.5,
      })
      const input = bytes.subarray(0, 200).toString('latin1')
      if (error === 'ECONNREFUSED') return { outcome: error, problem: 'refuses connections', input }
      return { outcome: error ?? (ended ? 'closed' : 'open'), input }
    },
  }
}
