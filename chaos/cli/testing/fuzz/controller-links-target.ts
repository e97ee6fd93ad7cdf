import { faults } from '#chaos/faults/index.ts'
import type { Random } from '#chaos/lib/random.ts'
import { bodySchemas } from '#chaos/proxy/http/body-schemas.ts'
import { toxicKinds } from '#chaos/proxy/toxics/index.ts'
import { attributeSchemas } from '#chaos/proxy/toxics/lib/toxic-kind.ts'

import { httpTarget, pool } from './http-target.ts'
import type { Offer } from './http-target.ts'
import { judgeController, judgeLinks } from './judge.ts'
import type { FuzzTarget } from './run-fuzz.ts'
import { scenarioText } from './scenario-texts.ts'
import type { ValueSchema } from './schema-values.ts'

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
    // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
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
