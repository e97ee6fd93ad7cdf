import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'

export const refuse = defineFault({
  kind: 'refuse',
  description: 'The link is down: live connections are closed, new ones are refused.',
  outside: 'A process that has not started yet or has ended; the wrong port.',
  target: 'link',
  example: { target: 'api-*:redis', params: {} },
  params: faultParameters({}),
  inject: (request, context) =>
    injectAll({
      mechanism: 'link down',
      targets: request.targets,
      signal: context.signal,
      apply: (link) => context.links.takeDown(link, { expiresInMs: request.leaseMs }),
      heal: (link) => context.links.bringUp(link),
      remainsOn: (links) =>
        links.some(({ name, enabled }) => !enabled && request.targets.includes(name)),
    }),
})
