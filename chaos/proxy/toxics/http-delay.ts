import { Type } from 'typebox'

import {
  inspectHttpExchanges,
  matchesRoute,
  rateAttribute,
  routeAttributes,
} from './lib/http-exchanges.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** Later requests on the same connection wait behind the delayed one. */
export const httpDelay = defineToxic({
  type: 'http_delay',
  description: 'Delays HTTP requests.',
  look: 'slow',
  label: ({ delay }) => `+${delay} ms`,
  attributes: Type.Object({
    ...rateAttribute,
    ...routeAttributes,
    delay: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 1_000,
      description: 'Delay of a request, ms.',
    }),
    jitter: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 0,
      description: 'The delay varies by up to this much, ms.',
    }),
  }),
  inspector: (connection, context) =>
    inspectHttpExchanges(connection, context, {
      request: (signature) => {
        const { attributes, random } = context
        if (!matchesRoute(attributes, signature) || random.next() >= attributes.rate)
          return undefined
        const { delay, jitter } = attributes
        return { do: 'delay', delayMs: Math.max(0, delay + (2 * random.next() - 1) * jitter) }
      },
    }),
})
