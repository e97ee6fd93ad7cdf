import type {
  FlowAttempt,
  FlowComparison,
  FlowFault,
  FlowGap,
  FlowHolding,
  FlowLane,
  FlowRecord,
} from '#chaos/contracts/flow-record.ts'

import { FlowScript } from './flow-script.ts'

/** Flows as a recording contains them, in five shapes, and one with many messages. */

const lanes: readonly FlowLane[] = [
  { name: 'client', kind: 'client' },
  { name: 'api-1', kind: 'instance' },
  { name: 'api-2', kind: 'instance' },
  { name: 'worker-1', kind: 'instance' },
  { name: 'worker-2', kind: 'instance' },
  { name: 'postgres', kind: 'store' },
  { name: 'redis', kind: 'store' },
  { name: 'payments', kind: 'instance' },
]

function place(script: FlowScript, api: string): FlowScript {
  return script
    .exchange(`${api}:postgres`, 'BEGIN')
    .exchange(`${api}:postgres`, 'INSERT idempotency_keys', 'INSERT 0 1', 0.7)
    .exchange(`${api}:postgres`, 'INSERT orders', 'INSERT 0 1', 0.8)
    .exchange(`${api}:postgres`, 'INSERT outbox', 'INSERT 0 1', 0.5)
    .exchange(`${api}:postgres`, 'UPDATE products', 'UPDATE 1', 0.6)
}

function work(script: FlowScript, worker: string): FlowScript {
  return script
    .exchange(`${worker}:redis`, 'bullmq moveToActive', 'job 14')
    .exchange(`${worker}:postgres`, 'SELECT orders', 'SELECT 1')
    .exchange(`${worker}:payments`, 'POST /charges', '201', 6)
    .exchange(`${worker}:postgres`, 'BEGIN')
    .exchange(`${worker}:postgres`, 'INSERT ledger', 'INSERT 0 1')
    .exchange(`${worker}:postgres`, 'UPDATE orders', 'UPDATE 1')
    .exchange(`${worker}:postgres`, 'COMMIT', 'OK', 1.2)
    .exchange(`${worker}:redis`, 'bullmq moveToFinished', 'OK')
}

function record(script: FlowScript, rest: Partial<FlowRecord> = {}): FlowRecord {
  return {
    id: 'o-7f-000014',
    title: 'order o-7f-000014',
    fromMs: script.messages[0]?.sentMs ?? 0,
    toMs: script.ms,
    lanes,
    messages: script.messages,
    attempts: [],
    faults: [],
    gaps: [],
    holdings: [],
    isComplete: true,
    ...rest,
  }
}

const attempt = (
  startMs: number,
  endMs: number,
  result: string,
  instance = 'api-1',
): FlowAttempt => ({
  operation: 'place-order',
  instance,
  startMs,
  endMs,
  result,
  outcome: result.startsWith('2') ? 'ok' : 'unknown',
})

const holds = (source: string, atMs: number, text: string, isWrong = false): FlowHolding => ({
  source,
  atMs,
  text,
  ...(isWrong ? { isWrong } : {}),
})

/** An order without any fault. */
export function happyFlow(startMs = 1_200): FlowRecord {
  const script = new FlowScript(startMs)
  const post = script.request('client:api-1', 'POST /orders')
  place(script.wait(0.6), 'api-1').exchange('api-1:postgres', 'COMMIT', 'OK', 1.1)
  const committedMs = script.ms
  script.reply(post, '201')
  const endMs = script.ms
  script.wait(4).exchange('worker-2:postgres', 'SELECT outbox', 'SELECT 1')
  script.exchange('worker-2:redis', 'bullmq addJob', 'OK')
  const queuedMs = script.ms
  work(script.wait(2), 'worker-1')
  return record(script, {
    attempts: [attempt(startMs, endMs, '201')],
    holdings: [
      holds('client', endMs, '201, accepted'),
      holds('postgres', committedMs, 'status placed'),
      holds('queue', queuedMs, 'job waiting'),
      holds('payments', script.ms - 8, 'one charge, 4900'),
      holds('postgres', script.ms - 2, 'status paid'),
    ],
  })
}

/** Postgres executes the COMMIT, and its reply is lost: the API responds with 503, the client tries again. */
export function lostReplyFlow(startMs = 2_500): FlowRecord {
  const script = new FlowScript(startMs)
  const post = script.request('client:api-1', 'POST /orders')
  const commit = place(script.wait(0.6), 'api-1').request('api-1:postgres', 'COMMIT')
  const faultMs = script.wait(1.1).ms
  script.reply(commit, 'OK', { fault: 'cut by the trap', arrivedMs: undefined } as never)
  script.wait(1).reply(post, '503', { differs: 'new' })
  const firstEndMs = script.ms
  script.wait(400)
  const secondMs = script.ms
  const again = script.request('client:api-2', 'POST /orders', { differs: 'new' })
  script.exchange('api-2:postgres', 'SELECT idempotency_keys', 'SELECT 1')
  script.reply(again, '201', { differs: 'new' })
  return record(script, {
    attempts: [
      attempt(startMs, firstEndMs, '503 commit-unknown'),
      attempt(secondMs, script.ms, '201', 'api-2'),
    ],
    faults: [
      {
        label: 'trap: cuts the reply of COMMIT, after its execution',
        on: 'api-1:postgres',
        fromMs: faultMs,
        toMs: faultMs,
      },
    ],
    holdings: [
      holds('client', firstEndMs, 'unknown: 503'),
      holds('postgres', faultMs - 0.5, 'status placed'),
      holds('client', script.ms, '201, accepted'),
    ],
  })
}

/** The API is killed between COMMIT and addJob. The order is committed and never enqueued. */
export function crashFlow(startMs = 3_000): FlowRecord {
  const script = new FlowScript(startMs)
  script.request('client:api-1', 'POST /orders')
  place(script.wait(0.6), 'api-1').exchange('api-1:postgres', 'COMMIT', 'OK', 1.1)
  const committedMs = script.ms
  script.request('api-1:redis', 'bullmq addJob', {
    fault: 'api-1 is killed by the trap',
    arrivedMs: undefined,
  } as never)
  const faultMs = script.ms
  const fault: FlowFault = {
    label: 'trap: kills api-1 before bullmq addJob',
    on: 'api-1:redis',
    fromMs: faultMs,
    toMs: faultMs,
  }
  const gaps: readonly FlowGap[] = [
    { lane: 'api-1', what: 'down', fromMs: faultMs, toMs: faultMs + 640, isPlanned: false },
    {
      lane: 'api-1',
      what: 'starting',
      fromMs: faultMs + 640,
      toMs: faultMs + 1_300,
      isPlanned: false,
    },
  ]
  return record(script, {
    toMs: faultMs + 4_000,
    attempts: [attempt(startMs, faultMs + 2, 'ECONNRESET')],
    faults: [fault],
    gaps,
    holdings: [
      holds('client', faultMs + 2, 'unknown: ECONNRESET'),
      holds('postgres', committedMs, 'status placed'),
      holds('queue', faultMs + 4_000, 'no job', true),
    ],
  })
}

/** Payments is slow: the client times out and sends the request again while the first one is still in progress. */
export function retryFlow(startMs = 4_000): FlowRecord {
  const script = new FlowScript(startMs)
  const post = script.request('client:api-1', 'POST /orders')
  place(script.wait(0.6), 'api-1')
  const commit = script.request('api-1:postgres', 'COMMIT')
  const second = new FlowScript(startMs + 1_000)
  const again = second.request('client:api-2', 'POST /orders')
  second
    .exchange('api-2:postgres', 'BEGIN')
    .exchange('api-2:postgres', 'INSERT idempotency_keys', '23505')
  second.reply(again, '409')
  script.wait(1_500).reply(commit, 'OK', { fault: 'held for 1500 ms' })
  script.reply(post, '201', {
    fault: 'the client has closed the connection',
    arrivedMs: undefined,
  } as never)
  return record(script, {
    messages: [
      ...script.messages,
      ...second.messages.map((one) => ({ ...one, exchange: `2${one.exchange}` })),
    ],
    attempts: [
      attempt(startMs, startMs + 900, 'timeout'),
      attempt(startMs + 1_000, second.ms, '409', 'api-2'),
    ],
    faults: [
      {
        label: 'latency 1500 ms',
        on: 'api-1:postgres',
        fromMs: startMs - 200,
        toMs: startMs + 1_600,
      },
    ],
    holdings: [holds('client', startMs + 900, 'unknown: timeout')],
  })
}

/** The worker charges, is paused until its lock expires, and the job is delivered again: two charges. */
export function redeliveryFlow(startMs = 5_000): FlowRecord {
  const script = new FlowScript(startMs)
  script.exchange('worker-1:redis', 'bullmq moveToActive', 'job 14')
  script.exchange('worker-1:payments', 'POST /charges', '201', 5)
  const pausedMs = script.ms
  script.wait(5_000).exchange('worker-2:redis', 'bullmq moveStalledJobs', 'job 14')
  work(script, 'worker-2')
  const secondChargeMs = script.ms - 8
  const resumedMs = script.wait(600).ms
  script.exchange('worker-1:redis', 'bullmq moveToFinished', 'lock mismatch')
  return record(script, {
    faults: [{ label: 'pause of worker-1', on: 'worker-1', fromMs: pausedMs, toMs: resumedMs }],
    gaps: [
      { lane: 'worker-1', what: 'paused', fromMs: pausedMs, toMs: resumedMs, isPlanned: false },
    ],
    holdings: [
      holds('payments', pausedMs, 'one charge, 4900'),
      holds('payments', secondChargeMs, 'two charges, 9800', true),
      holds('postgres', resumedMs - 600, 'status paid'),
    ],
  })
}

/** A flow with this many messages on all links. Some are at the same time. */
export function longFlow(messages = 200): FlowRecord {
  const script = new FlowScript(0)
  const links = [
    'client:api-1',
    'api-1:postgres',
    'api-1:redis',
    'worker-1:redis',
    'worker-1:postgres',
    'worker-1:payments',
  ]
  for (let i = 0; script.messages.length < messages; i += 1) {
    const link = links[(i * 7) % links.length] ?? 'client:api-1'
    script.exchange(link, `message number ${i}`, 'OK', (i * 13) % 5 === 0 ? 0 : 0.3)
    if (i % 20 === 19) script.wait(300)
  }
  return record(script)
}

export const shapes: Readonly<Record<string, () => FlowRecord>> = {
  'happy path': () => happyFlow(),
  'lost reply after COMMIT': () => lostReplyFlow(),
  'crash before addJob': () => crashFlow(),
  'retry after a timeout': () => retryFlow(),
  redelivery: () => redeliveryFlow(),
  '200 messages': () => longFlow(200),
}

/** The lost reply beside the happy path. */
export function comparison(): FlowComparison {
  const known = new Set(
    happyFlow().messages.map(({ link, text, part }) => `${link} ${part} ${text}`),
  )
  const flow = lostReplyFlow()
  const faultFree = happyFlow()
  const has = new Set(flow.messages.map(({ link, text, part }) => `${link} ${part} ${text}`))
  return {
    flow: {
      ...flow,
      messages: flow.messages.map((one) => ({
        ...one,
        differs: known.has(`${one.link} ${one.part} ${one.text}`)
          ? ('same' as const)
          : ('new' as const),
      })),
    },
    faultFree,
    missing: faultFree.messages.filter(
      ({ link, text, part }) => !has.has(`${link} ${part} ${text}`),
    ),
  }
}
