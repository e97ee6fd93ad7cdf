import type { IncomingHttpHeaders } from 'node:http'

import { messageOf } from '#chaos/lib/errors.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import type { DataPlane } from '../plane/data-plane.ts'
import { populateInput, proxyChange, proxyInput, toxicChange, toxicInput } from './inputs.ts'
import type { ProxyPolicy } from './own-proxies.ts'
import { type ApiResponse, errorResponse, jsonResponse, noContent } from './response.ts'
import type { Handler, ApiRoute } from './route.ts'
import { proxyView, toxicView } from './views.ts'

/** The Toxiproxy version that the API reports. Clients choose HTTP methods by it. */
const compatibleVersion = '2.12.0'

/** The endpoints of Toxiproxy. `policy` says which proxies a request may create or change. */
export function toxiproxyRoutes(plane: DataPlane, policy: () => ProxyPolicy): ApiRoute[] {
  const update: Handler = async ({ proxy = '' }, body, { authorization }) => {
    plane.link(proxy)
    const change = proxyChange(body())
    await policy().check(proxy, { listen: change.listen, upstream: change.upstream }, authorization)
    return jsonResponse(200, proxyView(await plane.update(proxy, change)))
  }
  return [
    { path: '/version', methods: { GET: () => version } },
    {
      path: '/proxies',
      methods: {
        GET: () =>
          jsonResponse(
            200,
            Object.fromEntries([...plane.links].map(([n, l]) => [n, proxyView(l)])),
          ),
        POST: async (_, body, { authorization }) => {
          const input = proxyInput(body())
          await policy().check(input.name, input, authorization)
          return jsonResponse(201, proxyView(await plane.create(input)))
        },
      },
    },
    {
      path: '/populate',
      methods: { POST: (_, body, headers) => populate(plane, policy(), { body, headers }) },
    },
    {
      path: '/proxies/{proxy}',
      methods: {
        GET: ({ proxy = '' }) => jsonResponse(200, proxyView(plane.link(proxy))),
        PATCH: update,
        POST: update,
        DELETE: async ({ proxy = '' }) => {
          await plane.remove(proxy)
          return noContent
        },
      },
    },
    ...toxicRoutes(plane),
  ]
}

function toxicRoutes(plane: DataPlane): ApiRoute[] {
  const updateOneToxic: Handler = ({ proxy = '', toxic = '' }, body) => {
    const { toxics } = plane.link(proxy)
    toxics.get(toxic)
    return jsonResponse(200, toxicView(toxics.update(toxic, toxicChange(body()))))
  }
  return [
    {
      path: '/proxies/{proxy}/toxics',
      methods: {
        GET: ({ proxy = '' }) =>
          jsonResponse(200, plane.link(proxy).toxics.byStream().map(toxicView)),
        POST: ({ proxy = '' }, body) => {
          const { toxics } = plane.link(proxy)
          return jsonResponse(200, toxicView(toxics.add(toxicInput(body()))))
        },
      },
    },
    {
      path: '/proxies/{proxy}/toxics/{toxic}',
      methods: {
        GET: ({ proxy = '', toxic = '' }) =>
          jsonResponse(200, toxicView(plane.link(proxy).toxics.get(toxic))),
        PATCH: updateOneToxic,
        POST: updateOneToxic,
        DELETE: ({ proxy = '', toxic = '' }) => {
          plane.link(proxy).toxics.remove(toxic)
          return noContent
        },
      },
    },
  ]
}

const version = {
  status: 200,
  type: 'application/json;charset=utf-8',
  text: `{"version": "${compatibleVersion}"}\n`,
}

/** Proxies that were made before an error stay; the error response lists them. */
async function populate(
  plane: DataPlane,
  policy: ProxyPolicy,
  { body, headers }: { readonly body: () => unknown; readonly headers: IncomingHttpHeaders },
): Promise<ApiResponse> {
  const done: object[] = []
  const view = (): object[] | null => (done.length === 0 ? null : done)
  try {
    const inputs = populateInput(body())
    for (const input of inputs) await policy.check(input.name, input, headers.authorization)
    await plane.populate(inputs, (link) => done.push(proxyView(link)))
    return jsonResponse(201, { proxies: view() })
  } catch (error) {
    const status = error instanceof DataPlaneError ? error.status : 500
    return errorResponse(status, messageOf(error), { proxies: view() })
  }
}
