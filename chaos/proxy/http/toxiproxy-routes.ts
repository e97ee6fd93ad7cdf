import { messageOf } from '#chaos/lib/errors.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import type { DataPlane } from '../plane/data-plane.ts'
import { toxicOf, toxicsInOrder, updateToxic } from '../plane/link-toxics.ts'
import { populateInput, proxyChange, proxyInput, toxicChange, toxicInput } from './inputs.ts'
import { type ApiResponse, errorResponse, jsonResponse, noContent } from './response.ts'
import type { Handler, ApiRoute } from './route.ts'
import { proxyView, toxicView } from './views.ts'

/** Toxiproxy reports this version: its clients choose their verbs by it. */
const compatibleVersion = '2.12.0'

/** Toxiproxy's own endpoints. */
export function toxiproxyRoutes(plane: DataPlane): ApiRoute[] {
  const update: Handler = async ({ proxy = '' }, body) => {
    plane.link(proxy)
    return jsonResponse(200, proxyView(await plane.update(proxy, proxyChange(body()))))
  }
  const updateOneToxic: Handler = ({ proxy = '', toxic = '' }, body) => {
    const link = plane.link(proxy)
    toxicOf(link, toxic)
    return jsonResponse(200, toxicView(updateToxic(link, toxic, toxicChange(body()))))
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
        POST: async (_, body) =>
          jsonResponse(201, proxyView(await plane.create(proxyInput(body())))),
      },
    },
    { path: '/populate', methods: { POST: (_, body) => populate(plane, body) } },
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
    {
      path: '/proxies/{proxy}/toxics',
      methods: {
        GET: ({ proxy = '' }) => jsonResponse(200, toxicsInOrder(plane.link(proxy)).map(toxicView)),
        POST: ({ proxy = '' }, body) => {
          plane.link(proxy)
          return jsonResponse(200, toxicView(plane.addToxic(proxy, toxicInput(body()))))
        },
      },
    },
    {
      path: '/proxies/{proxy}/toxics/{toxic}',
      methods: {
        GET: ({ proxy = '', toxic = '' }) =>
          jsonResponse(200, toxicView(toxicOf(plane.link(proxy), toxic))),
        PATCH: updateOneToxic,
        POST: updateOneToxic,
        DELETE: ({ proxy = '', toxic = '' }) => {
          plane.removeToxic(proxy, toxic)
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

/** What was done before an error stays, and is listed. */
async function populate(plane: DataPlane, body: () => unknown): Promise<ApiResponse> {
  const done: object[] = []
  const view = (): object[] | null => (done.length === 0 ? null : done)
  try {
    const inputs = populateInput(body())
    await plane.populate(inputs, (link) => done.push(proxyView(link)))
    return jsonResponse(201, { proxies: view() })
  } catch (error) {
    const status = error instanceof DataPlaneError ? error.status : 500
    return errorResponse(status, messageOf(error), { proxies: view() })
  }
}
