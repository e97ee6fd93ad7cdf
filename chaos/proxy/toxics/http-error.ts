import { Type } from 'typebox'

import { hitRequests } from '../traps/standing-trap.ts'
import { requestChoice } from './lib/request-choice.ts'
import { defineToxic } from './lib/toxic-kind.ts'

/** Requests are answered with an error, and the callee never sees them. */
export const httpError = defineToxic({
  type: 'http_error',
  description: 'Answers HTTP requests with an error; the upstream never sees them.',
  attributes: Type.Object({
    ...requestChoice,
    status: Type.Integer({
      minimum: 200,
      maximum: 599,
      default: 503,
      description: 'Status of the answer.',
    }),
    body: Type.String({ default: '', description: 'Body of the answer.' }),
  }),
  inspector: (connection, context) =>
    hitRequests(connection, context, () => {
      const { status, body } = context.attributes
      return { do: 'replace', reply: body === '' ? String(status) : `${status} ${body}` }
    }),
})
