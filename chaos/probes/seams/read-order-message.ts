import type { ReadOrderMessage } from '#services/worker/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'
import { everyAmount, throughJson } from '../fakes/amounts.ts'

const exact =
  'Messages carry the amount in cents, and every customer pays exactly what their order says, whichever version wrote the message and whichever version reads it.'
const version2 = 'Version 2 was announced as `{ version: 2, orderId, amountCents }`.'
const noManualWork =
  'The deploy needs no manual work: an order is set aside for an operator only if no reader in production can understand its message.'
const version3 = 'And version 3 must be parked. Do not guess its meaning, and do not drop it.'
const orderId = 'o-1.aaaaaa'

export const readOrderMessageContract: SeamContract<ReadOrderMessage> = {
  lab: 'contract-drift',
  time: 'jumping',
  probes: [
    {
      name: 'reads the messages of the previous version to the cent',
      promise: exact,
      run: async (tools) =>
        await reads(tools, (cents) => ({ version: 1, orderId, amount: cents / 100 })),
    },
    {
      name: 'reads the announced version 2',
      promise: version2,
      run: async (tools) =>
        await reads(tools, (cents) => ({ version: 2, orderId, amountCents: cents })),
    },
    {
      name: 'reads a version 1 with a field that it does not know',
      promise: noManualWork,
      run: async (tools) =>
        await reads(tools, (cents) => ({
          version: 1,
          orderId,
          amount: cents / 100,
          colour: 'blue',
        })),
    },
    {
      name: 'does not read version 3, and says why',
      promise: version3,
      async run(tools) {
        const read = await tools.load()
        const messages = [
          { version: 3, orderId, amountCents: 1_680, taxCents: 319 },
          { version: 3, orderId, amount: 19.99, amountCents: 1_680, taxCents: 319 },
          { version: 3, orderId, amount: 19.99 },
        ]
        for (const message of messages) {
          const end = await tools.call(() => read(throughJson(message)), 1_000)
          const reason = end.how === 'returned' && 'unreadable' in end.value && end.value.unreadable
          if (typeof reason === 'string' && reason !== '') continue
          return {
            expected: `${inWords(message)} is unreadable, with a reason`,
            actual: endInWords(end),
          }
        }
        return undefined
      },
    },
  ],
}

async function reads(
  tools: ProbeTools<ReadOrderMessage>,
  write: (amountCents: number) => unknown,
): Promise<Breach | undefined> {
  const read = await tools.load()
  for (const amountCents of everyAmount) {
    const message = throughJson(write(amountCents))
    let reading: unknown
    try {
      reading = read(message)
    } catch (error) {
      reading = error
    }
    const { orderId: id, amountCents: cents } = (reading ?? {}) as Record<string, unknown>
    if (id === orderId && cents === amountCents) continue
    return {
      expected: `${amountCents} cents from ${inWords(message)}`,
      actual: inWords(reading),
    }
  }
  return undefined
}
