import { Type } from 'typebox'

import { rateAttribute } from './lib/http-exchanges.ts'
import { exchangeAttribute, inspectMessages, waitAttribute } from './lib/messages.ts'
import { takeInPairs } from './lib/pairing.ts'
import { defineToxic } from './lib/toxic-kind.ts'

/** The first reply follows the second one after this time, so their callers receive them in this sequence. */
const gapMs = 5

/**
 * Two requests: the first one is forwarded when the reply to the second one is here, so the callee has executed them in
 * reverse sequence. Two pipelined requests of one connection are forwarded in reverse sequence.
 */
export const reorder = defineToxic({
  type: 'reorder',
  description:
    'Delivers two messages in reverse sequence: requests (upstream) or replies (downstream). Each reply belongs to its caller.',
  look: 'changed',
  label: () => 'reverse sequence',
  attributes: Type.Object({ ...rateAttribute, ...exchangeAttribute, ...waitAttribute }),
  inspector: (connection, context) => {
    const { timers, stream } = context
    return inspectMessages(connection, context, stream, (message) =>
      takeInPairs(message, context, (first, second, releaseFirst) => {
        if (first.connection === second.connection)
          return stream === 'upstream' && second.overtake(first)
        second.release()
        if (stream === 'upstream') second.whenReplied(releaseFirst)
        else timers.at(timers.now() + gapMs, releaseFirst)
        return true
      }),
    )
  },
})
