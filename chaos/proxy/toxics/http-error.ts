import { Type } from 'typebox'

import { textLengthMax } from '#chaos/contracts/max.ts'

import {
  inspectHttpExchanges,
  matchesRoute,
  rateAttribute,
  routeAttributes,
} from './lib/http-exchanges.ts'
import { defineToxic } from './lib/toxic-kind.ts'

export const httpError = defineToxic({
  type: 'http_error',
  description: 'Answers HTTP requests with an error; the upstream never receives them.',
  look: 'changed',
  attributes: Type.Object({
    ...rateAttribute,
    ...routeAttributes,
    status: Type.Integer({
      minimum: 200,
      maximum: 599,
      default: 503,
      description: 'Status of the response.',
    }),
    body: Type.String({
      maxLength: textLengthMax,
      default: '',
      description: 'Body of the response.',
    }),
  }),
  inspector: (connection, context) =>
    inspectHttpExchanges(connection, context, {
      request: (signature) => {
        const { attributes, random } = context
        if (!matchesRoute(attributes, signature) || random.next() >= attributes.rate)
          return undefined
        const { status, body } = attributes
        return { do: 'replace', reply: body === '' ? String(status) : `${status} ${body}` }
      },
    }),
})
