import { readOrderMessage as readAsBefore } from '#labs/backend-reality/contract-drift/before/read-order-message.ts'
import type { WriteOrderMessage } from '#services/lib/seams.ts'

import { inWords } from '../contract-probe.ts'
import type { SeamContract } from '../contract-probe.ts'
import { everyAmount, throughJson } from '../fakes/amounts.ts'

export const writeOrderMessageContract: SeamContract<WriteOrderMessage> = {
  lab: 'contract-drift',
  time: 'jumping',
  probes: [
    {
      name: 'a message carries the amount in cents',
      promise:
        'Your messages must carry the amount in cents, in a field of your choice: a deploy without a change does not pass.',
      async run(tools) {
        const write = await tools.load()
        for (const amountCents of [12, 450, 1_999, 2_670_000]) {
          const message = throughJson(write({ id: 'o-1', amountCents }))
          if (numbersIn(message).includes(amountCents)) continue
          return { expected: `the number ${amountCents} in some field`, actual: inWords(message) }
        }
        return undefined
      },
    },
    {
      name: 'the previous reader reads the amount to the cent',
      promise:
        'Messages carry the amount in cents, and every customer pays exactly what their order says, whichever version wrote the message and whichever version reads it.',
      async run(tools) {
        const write = await tools.load()
        for (const amountCents of everyAmount) {
          const message = throughJson(write({ id: 'o-1', amountCents }))
          const reading = readAsBefore(message)
          if (
            'orderId' in reading &&
            reading.orderId === 'o-1' &&
            reading.amountCents === amountCents
          )
            continue
          return {
            expected: `the previous reader reads ${amountCents} cents`,
            actual: `it reads ${inWords(reading)} from ${inWords(message)}`,
          }
        }
        return undefined
      },
    },
  ],
}

/** The numbers in a value, at any depth: the structure of a message is free. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((inner) => numbersIn(inner))
}
