import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Charge, ChargeRequest } from '#services/lib/payments-client.ts'
import type { PaymentsAnswer } from '#services/lib/payments/connection.ts'
import type { ReadCharge } from '#services/worker/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { everyAmount, throughJson } from '../fakes/amounts.ts'

type Tools = ProbeTools<ReadCharge>

const returns =
  'It returns the charge, captured or declined, if the body is the charge of exactly this request.'
const never =
  'It never returns a charge if a field is missing, has another type or another value than the request.'
const throws =
  'For everything else it throws a `PaymentsError`, and no other error. The queue then retries the job.'
const refusals = 'A refusal is never a charge: neither captured nor declined.'

const request: ChargeRequest = {
  orderId: 'o-1.aaaaaa',
  customer: 'ann',
  amountCents: 1_999,
  idempotencyKey: 'charge:o-1.aaaaaa',
}
const charge = chargeFor(request)

/** As payments reports it: with fields that the shop does not use. */
function chargeFor(
  { orderId, amountCents, idempotencyKey }: ChargeRequest,
  status: Charge['status'] = 'captured',
) {
  const at = '2026-01-05T10:00:00.000Z'
  const id = `ch_${orderId}`
  return { id, orderId, idempotencyKey, amountCents, status, refundedCents: 0, at }
}

function requestOf(number: number, amountCents = 1_999): ChargeRequest {
  const orderId = `o-${number}.aaaaaa`
  return { orderId, customer: 'ann', amountCents, idempotencyKey: `charge:${orderId}` }
}

function answer(status: number, body: unknown, type = 'application/json; charset=utf-8') {
  const text = typeof body === 'string' || body === undefined
  return {
    status,
    headers: { 'content-type': type, date: 'Mon, 05 Jan 2026 10:00:00 GMT' },
    body: text ? (body ?? '') : throughJson(body),
  } satisfies PaymentsAnswer
}

const page = '<html><body><h1>503 Service Unavailable</h1></body></html>'

/** Bodies without a charge, as gateways, proxies and bugs send them. */
const noCharges: readonly unknown[] = [
  { error: 'temporarily unavailable' },
  { error: { code: 17, message: 'upstream timeout' } },
  { ok: false, code: 'upstream_timeout' },
  { errors: [] },
  { message: 'Too many requests' },
  { status: 'captured' },
  { status: 'declined' },
  { status: 'ok' },
  { id: 'ch_1', status: 'pending' },
  { id: 'ch_1', status: 'captured' },
  {},
  [],
  [charge],
  null,
  true,
  0,
  17,
  '',
  'OK',
  page,
  JSON.stringify(charge).slice(0, 60),
  JSON.stringify(charge).slice(0, -1),
]

const otherTypes: readonly unknown[] = [undefined, null, '', 17, 0, true, {}, [], ['x']]
const others: Readonly<Record<string, readonly unknown[]>> = {
  id: otherTypes,
  orderId: [...otherTypes, 'o-2.aaaaaa', 'o-1', 'o-1.aaaaaa ', 'O-1.AAAAAA'],
  idempotencyKey: [...otherTypes, 'charge:o-2.aaaaaa', 'o-1.aaaaaa', 'charge:o-1.aaaaaa:2'],
  amountCents: [
    undefined,
    null,
    '',
    '1999',
    true,
    {},
    [],
    [1_999],
    0,
    1,
    -1_999,
    1_998,
    2_000,
    19.99,
    199_900,
  ],
  status: [...otherTypes, 'pending', 'ok', 'failed', 'CAPTURED', 'captured ', 'requires_action'],
}

/** The charge of this request, in one field different. */
const oneFieldOff: readonly unknown[] = Object.entries(others).flatMap(([field, values]) =>
  (['captured', 'declined'] as const).flatMap((status) =>
    values.map((value) => ({ ...charge, status, [field]: value })),
  ),
)

/** Another order of the same customer, another amount of the same order, an earlier key. */
const ofAnother: readonly unknown[] = (['captured', 'declined'] as const).flatMap((status) => [
  chargeFor(requestOf(2), status),
  chargeFor(requestOf(2, 5), status),
  { ...chargeFor(requestOf(1, 1_200), status) },
  { ...chargeFor(requestOf(2), status), orderId: request.orderId },
  { ...chargeFor(requestOf(2), status), idempotencyKey: request.idempotencyKey },
])

/** As payments itself refuses. */
const refused: readonly (readonly [number, unknown])[] = [
  [400, 'bad-request'],
  [404, 'no-such-route'],
  [422, 'key-reused'],
  [429, 'too-many-requests'],
  [500, 'internal'],
  [503, 'overloaded'],
].map(([status, error]) => [
  Number(status),
  { error, message: 'In words.', definite: status !== 500 },
])

/** As something on the way answers with a failure. */
const failures: readonly (readonly [number, unknown])[] = [300, 302, 401, 408, 500, 502, 503, 504]
  .flatMap((status) => [page, '', null, {}, { message: 7 }, [], 'x'].map((body) => [status, body]))
  .map(([status, body]) => [Number(status), body] as const)

export const readChargeContract: SeamContract<ReadCharge> = {
  lab: 'trust-no-status',
  time: 'jumping',
  probes: [
    { name: 'reads a captured and a declined charge of any amount', promise: returns, run: reads },
    {
      name: 'reads the charge of a request after wrong responses',
      promise: returns,
      run: readsAfterWrongOnes,
    },
    {
      name: 'a success status without a charge',
      promise: throws,
      run: async (tools) =>
        await rejects(
          tools,
          [200, 201, 202, 203].flatMap((status) =>
            noCharges.map((body): [number, unknown] => [status, body]),
          ),
        ),
    },
    {
      name: 'a charge with one field missing or different',
      promise: never,
      run: async (tools) => await rejects(tools, success(oneFieldOff)),
    },
    {
      name: 'the charge of another request',
      promise: never,
      run: async (tools) => await rejects(tools, success(ofAnother)),
    },
    {
      name: 'two responses are swapped',
      promise: never,
      run: swaps,
    },
    {
      name: 'payments refuses',
      promise: refusals,
      run: async (tools) => await rejects(tools, refused),
    },
    {
      name: 'a failure status from something on the way',
      promise: throws,
      run: async (tools) => await rejects(tools, failures),
    },
  ],
}

function success(bodies: readonly unknown[]): readonly (readonly [number, unknown])[] {
  return bodies.flatMap((body) => [
    [201, body],
    [200, body],
  ])
}

/** For each of these responses it throws a PaymentsError. */
async function rejects(
  tools: Tools,
  responses: readonly (readonly [status: number, body: unknown])[],
): Promise<Breach | undefined> {
  const read = await tools.load()
  for (const [status, body] of responses) {
    const type = typeof body === 'string' ? 'text/html' : undefined
    const breach = await rejectsOne(tools, read, answer(status, body, type), request)
    if (breach !== undefined) return breach
  }
  return undefined
}

async function rejectsOne(
  tools: Tools,
  read: ReadCharge,
  response: PaymentsAnswer,
  to: ChargeRequest,
): Promise<Breach | undefined> {
  const end = await tools.call(() => read(response, { ...to }), 1_000)
  if (end.how === 'threw' && nameOf(end.error) === 'PaymentsError') return undefined
  return {
    expected: `a PaymentsError for status ${response.status} with ${inWords(response.body)}`,
    actual: endInWords(end),
  }
}

function nameOf(error: unknown): unknown {
  return error instanceof Error ? error.name : undefined
}

/** It returns the charge with what the shop uses: the id, the result, and whose charge it is. */
async function readsOne(
  tools: Tools,
  read: ReadCharge,
  to: ChargeRequest,
  result: Charge['status'],
): Promise<Breach | undefined> {
  const body = chargeFor(to, result)
  const end = await tools.call(() => read(answer(201, body), { ...to }), 1_000)
  const { id, status, orderId, amountCents } = Object(
    end.how === 'returned' ? end.value : undefined,
  ) as Partial<Charge>
  const isRight =
    id === body.id && status === result && orderId === to.orderId && amountCents === to.amountCents
  if (isRight) return undefined
  return { expected: `the charge ${inWords(body)}`, actual: endInWords(end) }
}

async function reads(tools: Tools): Promise<Breach | undefined> {
  const read = await tools.load()
  const amounts = everyAmount.filter((cents, i) => i % 37 === 0 && cents <= 1_000_000_000)
  for (const [i, amountCents] of amounts.entries())
    for (const result of ['captured', 'declined'] as const) {
      const breach = await readsOne(tools, read, requestOf(i + 1, amountCents), result)
      if (breach !== undefined) return breach
    }
  return undefined
}

async function readsAfterWrongOnes(tools: Tools): Promise<Breach | undefined> {
  const read = await tools.load()
  for (const [i, body] of [...noCharges, ...ofAnother].entries()) {
    const to = requestOf(1)
    await tools.call(() => read(answer(200, body), to), 1_000)
    const result = i % 2 === 0 ? 'captured' : 'declined'
    const breach = await readsOne(tools, read, to, result)
    if (breach !== undefined) return breach
  }
  return undefined
}

/** Each of two requests receives the other's response, and then its own. */
async function swaps(tools: Tools): Promise<Breach | undefined> {
  const read = await tools.load()
  for (let i = 1; i <= 50; i += 2) {
    const pair = [requestOf(i), requestOf(i + 1)]
    for (const [at, to] of pair.entries()) {
      const other = pair[1 - at] ?? to
      const breach =
        (await rejectsOne(tools, read, answer(201, chargeFor(other)), to)) ??
        (await readsOne(tools, read, to, 'captured'))
      if (breach !== undefined) return breach
    }
  }
  return undefined
}
