import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import type { InspectedConnection, Inspector } from '../../plane/inspector.ts'
import { ConnectionInspector } from '../../traps/connection-inspector.ts'
import { LinkWatch, type ReplyHook } from '../../traps/link-watch.ts'
import type { MessageHooks } from '../../traps/message.ts'
import { type DecideRequest, RepeatingTrap } from '../../traps/repeating-trap.ts'
import { inspectionHost, type InspectorContext } from './inspection-host.ts'

/** What an HTTP toxic does with the exchanges of one connection. Each hook gets the signature of its own request. */
export interface HttpHooks {
  /** Called for every request before any of it goes on. Undefined: the request passes. */
  readonly request?: DecideRequest
  /** Called for every response that has a body, when its first byte has arrived. Undefined: the response passes. */
  readonly response?: ReplyHook
  /** Takes whole messages. */
  readonly messages?: MessageHooks
}

/**
 * The inspector of an HTTP toxic: finds requests and responses, pairs them, and calls the hooks. A request that `request`
 * chose counts as touched; a `response` hook calls `touch` itself.
 */
export function inspectHttpExchanges(
  connection: InspectedConnection,
  context: InspectorContext,
  { request, response, messages }: HttpHooks,
): Inspector {
  const watch = new LinkWatch(connection.link)
  if (request !== undefined) watch.setTraps([new RepeatingTrap(connection.link, request)])
  watch.onReply = response
  watch.messages = messages
  // On a link of another protocol, reading it as HTTP fails and the bytes pass.
  const asHttp = Object.create(connection, {
    protocol: { value: 'http' },
  }) as InspectedConnection
  return new ConnectionInspector(asHttp, watch, inspectionHost(context))
}

/** Attributes that choose requests, or the responses to them, by method and route. */
export const routeAttributes = {
  method: Type.String({
    maxLength: nameLengthMax,
    default: '*',
    description: 'Only requests with this method; * for all.',
  }),
  route: Type.String({
    maxLength: nameLengthMax,
    default: '*',
    description: 'Only this path, ids as :id, such as /orders/:id; * for any characters.',
  }),
}

/** The attribute that hits a share of the requests. */
export const rateAttribute = {
  rate: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Share of the matching requests that are hit, 0 to 1; drawn for each request.',
  }),
}

/** Whether {@link routeAttributes} choose the request with this signature. */
export function matchesRoute(
  { method, route }: { readonly method: string; readonly route: string },
  signature: string,
): boolean {
  return wildcardPattern(`${method} ${route}`, { ignoreCase: true }).test(signature)
}
