import { Type } from 'typebox'

import { inspectHttpExchanges, matchesRoute, routeAttributes } from './lib/http-exchanges.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** `limit_data` counts the bytes of a connection; this toxic counts responses, then the bytes of one body. */
export const httpCut = defineToxic({
  type: 'http_cut',
  description: 'Closes the connection in the middle of the body of one HTTP response.',
  look: 'cut',
  attributes: Type.Object({
    ...routeAttributes,
    nth: Type.Integer({
      minimum: 1,
      maximum: wholeNumberMax,
      default: 1,
      description:
        'Which response is cut: counted over all connections of the link, only matching responses that have a body.',
    }),
    after_bytes: Type.Integer({
      minimum: 0,
      maximum: wholeNumberMax,
      default: 1,
      description: 'Bytes of the body that pass; the last byte of the body never passes.',
    }),
    reset: Type.Boolean({ default: false, description: 'Ends with RST instead of FIN.' }),
  }),
  inspector: (connection, context) =>
    inspectHttpExchanges(connection, context, {
      response: ({ signature }) => {
        const { attributes } = context
        if (!matchesRoute(attributes, signature) || context.count() !== attributes.nth)
          return undefined
        return {
          afterBytes: attributes.after_bytes,
          reached: () => {
            context.touch()
            if (attributes.reset) context.reset()
            else context.close()
          },
        }
      },
    }),
})
