import { Type } from 'typebox'

import { everyRequest } from '../../traps/standing-trap.ts'

/** Attributes by which HTTP toxics choose requests. */
export const requestChoice = {
  rate: Type.Number({
    minimum: 0,
    maximum: 1,
    default: everyRequest.rate,
    description: 'Share of the matching requests that are hit; each is drawn by itself.',
  }),
  method: Type.String({
    default: everyRequest.method,
    description: 'Only requests with this method; * for all.',
  }),
  route: Type.String({
    default: everyRequest.route,
    description: 'Only this path, ids as :id, such as /orders/:id; * for any characters.',
  }),
}
