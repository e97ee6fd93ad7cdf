import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import type { InspectedConnection, Inspector, Stream } from '../../plane/inspector.ts'
import { ConnectionInspector } from '../../traps/connection-inspector.ts'
import { LinkWatch } from '../../traps/link-watch.ts'
import type { Message } from '../../traps/message.ts'
import { inspectionHost } from './inspection-host.ts'
import type { InspectorToxicContext } from './toxic-kind.ts'
import { wholeNumberMax } from './whole-number-max.ts'

/** The attribute that chooses exchanges of any protocol. */
export const exchangeAttribute = {
  exchange: Type.String({
    maxLength: nameLengthMax,
    default: '*',
    description:
      'Only exchanges with this signature, such as COMMIT or POST /charges; * for any characters.',
  }),
}

/** The attribute of a toxic that needs two messages. */
export const waitAttribute = {
  wait: Type.Integer({
    minimum: 1,
    maximum: wholeNumberMax,
    default: 500,
    description:
      'How long a message is held until a second one comes, ms; then it passes unchanged.',
  }),
}

interface Filter {
  readonly exchange: string
  readonly rate: number
}

type Context<Values extends Filter> = InspectorToxicContext<Values>

/**
 * The inspector of a toxic that takes whole messages of Postgres, Redis or HTTP: requests (`upstream`) or replies. Messages
 * that set up a connection are never taken. The toxic decides about `rate` itself.
 */
export function inspectMessages<Values extends Filter>(
  connection: InspectedConnection,
  context: Context<Values>,
  stream: Stream,
  taken: (message: Message) => void,
): Inspector {
  const watch = new LinkWatch(connection.link)
  let known = { exchange: '*', pattern: wildcardPattern('*') }
  const matches = (signature: string): boolean => {
    const { exchange } = context.attributes
    if (exchange !== known.exchange)
      known = { exchange, pattern: wildcardPattern(exchange, { ignoreCase: true }) }
    return known.pattern.test(signature)
  }
  watch.holdsRequests = stream === 'upstream'
  watch.messages = {
    wants: (of, signature) => of === stream && matches(signature),
    taken: (message) => {
      if (message.standsAlone) taken(message)
      else message.release()
    },
    tooLong: () => context.missed('a message is too long or came too slowly to be held whole'),
  }
  return new ConnectionInspector(connection, watch, inspectionHost(context))
}
