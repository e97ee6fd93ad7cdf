import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ReadOrderMessage } from '#services/worker/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { everyAmount, hugeAmounts, throughJson } from '../fakes/amounts.ts'

const exact =
  'Messages carry the amount in cents, and every customer pays exactly what their order says, whichever version wrote the message and whichever version reads it.'
const version2 = 'Version 2 was announced as `{ version: 2, orderId, amountCents }`.'
const noManualWork =
  'The deploy needs no manual work: an order is set aside for an operator only if no reader in production can understand its message.'
const version3 = 'And version 3 must be parked. Do not guess its meaning, and do not drop it.'
const neverGuess =
  'It returns `unreadable` for every other version, and for a message without order or amount. It does not guess, and it does not throw: the order is parked at once, with the reason.'
const orderId = 'o-1.aaaaaa'
/** JSON that is not an amount. What some languages convert to a number is left out: some readers accept it. */
const noAmounts: readonly unknown[] = [undefined, {}, 'free']

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
      run: async (tools) =>
        await refuses(tools, [
          { version: 3, orderId, amountCents: 1_680, taxCents: 319 },
          { version: 3, orderId, amount: 19.99, amountCents: 1_680, taxCents: 319 },
          { version: 3, orderId, amount: 19.99 },
        ]),
    },
    {
      name: 'does not read any other version, and says why',
      promise: neverGuess,
      run: async (tools) =>
        await refuses(
          tools,
          [0, 4, 5, 12, 99, -1, 1.5].flatMap((version) => [
            { version, orderId, amountCents: 1_999 },
            { version, orderId, amount: 19.99 },
            { version, orderId, amount: 19.99, amountCents: 1_999 },
          ]),
        ),
    },
    {
      name: 'does not read a message without order or amount, and says why',
      promise: neverGuess,
      run: async (tools) =>
        await refuses(tools, [
          ...noAmounts.flatMap((amount) => [
            { version: 1, orderId, amount },
            { version: 2, orderId, amountCents: amount },
          ]),
          ...[undefined, null].flatMap((order) => [
            { version: 1, orderId: order, amount: 19.99 },
            { version: 2, orderId: order, amountCents: 1_999 },
          ]),
        ]),
    },
    {
      name: 'does not throw, whatever the fields of the message are',
      promise: neverGuess,
      // A job's data is always an object, so a reader need not handle other JSON.
      run: async (tools) =>
        await refuses(tools, [[], {}, { version: {} }, { version: null }, { version: [] }]),
    },
    {
      name: 'does not throw, whatever its fields are, and reads only whole cents',
      promise: neverGuess,
      run: async (tools) => await readsMalformed(tools),
    },
    {
      name: 'never reads another amount, however large it is',
      promise: exact,
      run: async (tools) => await readsHuge(tools),
    },
  ],
}

/** None of the messages is readable. */
async function refuses(
  tools: ProbeTools<ReadOrderMessage>,
  messages: readonly unknown[],
): Promise<Breach | undefined> {
  const read = await tools.load()
  for (const message of messages) {
    const end = await tools.call(() => read(throughJson(message)), 1_000)
    const value = end.how === 'returned' ? (end.value as unknown) : undefined
    const { unreadable } = Object(value) as Record<string, unknown>
    if (typeof unreadable === 'string' && unreadable !== '') continue
    return {
      expected: `${inWords(message)} is unreadable, with a reason`,
      actual: endInWords(end),
    }
  }
  return undefined
}

/** Every kind of JSON in the place of an amount, an order or a version. The last one is Infinity after JSON.parse. */
const malformed: readonly string[] = [
  'null true false "" "12" "12.5" "x" [] [1999] {} {"a":1}',
  '0 -1 12.5 0.1 1e-9 -12.5 1e21 1e300 1e400',
].flatMap((some) => some.split(' '))

/** What a malformed field means is open. It must not throw, and an amount is a whole number of cents. */
async function readsMalformed(tools: ProbeTools<ReadOrderMessage>): Promise<Breach | undefined> {
  const read = await tools.load()
  for (const value of malformed)
    for (const text of [
      `{"version":1,"orderId":"${orderId}","amount":${value}}`,
      `{"version":1,"orderId":"${orderId}","amount":19.99,"amountCents":${value}}`,
      `{"version":2,"orderId":"${orderId}","amountCents":${value}}`,
      `{"version":1,"orderId":${value},"amount":19.99}`,
      `{"version":2,"orderId":${value},"amountCents":1999}`,
      `{"version":${value},"orderId":"${orderId}","amount":19.99,"amountCents":1999}`,
    ]) {
      const end = await tools.call(() => read(JSON.parse(text)), 1_000)
      const reading = Object(end.how === 'returned' ? end.value : undefined) as Readonly<
        Record<string, unknown>
      >
      const isRead = typeof reading['unreadable'] === 'string' || isWhole(reading['amountCents'])
      if (isRead) continue
      return {
        expected: `unreadable, or a whole number of cents, from ${text}`,
        actual: endInWords(end),
      }
    }
  return undefined
}

/** A number that is too large to be exact is whole too: no order costs that much. */
function isWhole(amount: unknown): boolean {
  return typeof amount === 'number' && (Number.isInteger(amount) || Math.abs(amount) > 2 ** 53)
}

/** A reader may refuse what no order can cost. It must not make another amount of it. */
async function readsHuge(tools: ProbeTools<ReadOrderMessage>): Promise<Breach | undefined> {
  const read = await tools.load()
  for (const amountCents of hugeAmounts)
    for (const message of [
      { version: 1, orderId, amount: amountCents / 100 },
      { version: 2, orderId, amountCents },
    ]) {
      const reading = await tools.call(() => read(throughJson(message)), 1_000)
      const { unreadable, amountCents: cents } = Object(
        reading.how === 'returned' ? reading.value : undefined,
      ) as Record<string, unknown>
      if (cents === amountCents || typeof unreadable === 'string') continue
      return {
        expected: `${amountCents} cents from ${inWords(message)}, or unreadable`,
        actual: endInWords(reading),
      }
    }
  return undefined
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
