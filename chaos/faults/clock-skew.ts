import { Type } from 'typebox'

import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { clockOffsetParameter, faultParameters } from './lib/parameters.ts'

export const clockSkew = defineFault({
  kind: 'clock-skew',
  description:
    'The wall clock of the instance jumps or drifts while it runs: Date is wrong. Timers, the clocks of other instances and those of the stores stay right. When the fault is healed, the clock jumps back.',
  outside: 'A machine without NTP, a virtual machine that was suspended, a leap second.',
  target: 'instance',
  // Stores read the clock of the machine, which all processes share.
  servicesOnly: true,
  example: { target: 'worker-1', params: { offset: '5m' } },
  params: faultParameters({
    offset: Type.Optional(
      clockOffsetParameter('How far the clock jumps; with a minus, back. 0s when absent.'),
    ),
    drift: Type.Optional(
      Type.Number({
        minimum: -0.9,
        maximum: 10,
        description:
          'How much faster the clock runs: 0.01 gains 10 ms in each second, -0.01 loses 10 ms. From -0.9 to 10; 0 when absent.',
      }),
    ),
  }),
  support: ({ kind, clocks }) =>
    clocks === undefined
      ? { available: false, how: `the ${kind} runtime cannot change a clock` }
      : { available: true, how: `by the ${kind} runtime` },
  inject: async (request, context) => {
    const { id, leaseMs, params } = request
    const { offset = '0s', drift = 0 } = params
    const { clocks, kind } = context.runtime
    if (clocks === undefined)
      throw new InputError(`The ${kind} runtime cannot change a clock.`, { status: 501 })
    const offsetMs = parseOffset(offset)
    if (offsetMs === 0 && drift === 0)
      throw new InputError('clock-skew: neither offset nor drift is given.', {
        remedy: 'Give one of them: offset: 5m, or drift: 0.01.',
      })
    const skewed = new Map<string, AsyncDisposable>()
    return await injectAll({
      mechanism: 'Date',
      targets: request.targets,
      signal: context.signal,
      apply: async (name, signal) => {
        skewed.set(name, await clocks.skew(name, { id, offsetMs, drift, leaseMs, signal }))
      },
      heal: async (name) => {
        await skewed.get(name)?.[Symbol.asyncDispose]()
      },
    })
  },
})

function parseOffset(offset: string): number {
  return offset.startsWith('-') ? -parseDuration(offset.slice(1)) : parseDuration(offset)
}
