import { Type } from 'typebox'

import { rateAttribute } from './lib/http-exchanges.ts'
import { exchangeAttribute, inspectMessages } from './lib/messages.ts'
import { defineToxic } from './lib/toxic-kind.ts'

/** The copy follows its original at once, on the same connection. */
export const duplicate = defineToxic({
  type: 'duplicate',
  description:
    'Sends whole requests twice: the upstream executes them twice, and the caller receives the first reply.',
  look: 'changed',
  label: () => 'twice',
  attributes: Type.Object({ ...rateAttribute, ...exchangeAttribute }),
  inspector: (connection, context) =>
    inspectMessages(connection, context, 'upstream', (message) => {
      if (context.random.next() >= context.attributes.rate) message.release()
      else {
        context.touch()
        message.sendTwice()
      }
    }),
})
