import { Type } from 'typebox'

import { rateAttribute } from './lib/http-exchanges.ts'
import { exchangeAttribute, inspectMessages, waitAttribute } from './lib/messages.ts'
import { takeInPairs } from './lib/pairing.ts'
import { defineToxic } from './lib/toxic-kind.ts'

/** Two different replies of one connection, if requests are pipelined there, or of two connections of the link. */
export const replySwap = defineToxic({
  type: 'reply_swap',
  description: 'Exchanges two replies: each caller receives the reply to the request of the other.',
  look: 'changed',
  label: () => 'replies swapped',
  attributes: Type.Object({ ...rateAttribute, ...exchangeAttribute, ...waitAttribute }),
  inspector: (connection, context) =>
    inspectMessages(connection, context, 'downstream', (message) =>
      takeInPairs(message, context, (first, second) => {
        // A reply says whether a transaction is open. Two connections must not disagree with their sessions about that.
        if (first.transactionOpen !== second.transactionOpen) return false
        const [before, after] = [first.bytes, second.bytes]
        if (before.equals(after)) return false
        second.replace(before)
        first.replace(after)
        return true
      }),
    ),
})
