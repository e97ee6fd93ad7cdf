import { defineFault } from './lib/define-fault.ts'
import { exchangeParameters } from './lib/exchange-parameters.ts'
import { rateParameter } from './lib/http-parameters.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const duplicate = defineFault({
  kind: 'duplicate',
  description:
    'Whole requests are delivered twice: the callee executes them twice, and the caller receives the first reply.',
  outside:
    'A proxy, a driver or a service mesh that sends a request again although the first one arrived.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { exchange: 'POST /charges' } },
  params: faultParameters({ ...rateParameter, ...exchangeParameters }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'duplicate', direction: 'requests' }),
})
