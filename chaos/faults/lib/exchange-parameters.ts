import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { millisecondsParameter, shareParameter } from './parameters.ts'

/** The parameter by which a fault chooses whole messages of any protocol. */
export const exchangeParameters = {
  exchange: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: nameLengthMax,
      description:
        'Only exchanges with this signature, as in a trap: COMMIT, POST /charges, GET; * for any characters. All when absent.',
    }),
  ),
}

/** The parameters of a fault that needs two messages. */
export const pairParameters = {
  rate: Type.Optional(
    shareParameter(
      'The share of matching messages that are held until a second one comes, drawn for each message; all when absent.',
    ),
  ),
  waitMs: Type.Optional(
    millisecondsParameter(
      'How long a message is held until a second one comes; then it passes unchanged. 500 when absent.',
      1,
    ),
  ),
}
