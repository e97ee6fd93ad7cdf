import { defineFault } from './lib/define-fault.ts'
import { exchangeParameters, pairParameters } from './lib/exchange-parameters.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const replySwap = defineFault({
  kind: 'reply-swap',
  description:
    'Two replies are exchanged: each caller receives the reply to the request of the other.',
  outside:
    'A client library that gives a connection back to its pool while a reply is still on the way; a proxy that mixes up requests.',
  target: 'link',
  example: { target: 'api-*:redis', params: { exchange: 'GET' } },
  params: faultParameters({ ...exchangeParameters, ...pairParameters }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'reply_swap', direction: 'replies' }),
})
