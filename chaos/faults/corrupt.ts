import { defineFault } from './lib/define-fault.ts'
import {
  connectionShareParameter,
  directionParameter,
  faultParameters,
  shareParameter,
} from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const corrupt = defineFault({
  kind: 'corrupt',
  description: 'Some bytes are changed in flight, and the TCP checksums are valid.',
  outside: 'Memory without ECC, a broken network card, a bug in a proxy.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { probability: 0.001 } },
  params: faultParameters({
    probability: shareParameter('The share of bytes that have one bit flipped.'),
    direction: directionParameter('replies'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'corrupt', direction: 'replies' }),
})
