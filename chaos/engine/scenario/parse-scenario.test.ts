import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'

import { parseScenario } from './parse-scenario.ts'

const good = `
title: The API dies between COMMIT and enqueue
workload: { orders: 20/s, browse: 20/s, duration: 6s }
shop: { off: [reconciler] }
method:
  - when: { link: api-*:postgres, exchange: COMMIT, nth: 6, phase: after }
    inject: { crash: { instance: caller, downFor: 1s } }
  - at: 2s
    inject: { latency: { link: worker-*:payments, latencyMs: 200 } }
    for: 3s
expect:
  - no-lost-orders
  - charged-at-most-once
  - availability: { of: place-order, atLeast: 0.95 }
`

function messageFor(text: string): string {
  try {
    parseScenario(text, { file: 'scenario.yaml' })
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.remedy ?? ''}`.trim()
    throw error
  }
  return 'no error'
}

test('the example of the design is a scenario', () => {
  const scenario = parseScenario(good, { file: 'scenario.yaml' })
  expect(scenario.workload).toMatchObject({
    ordersPerSecond: 20,
    browsePerSecond: 20,
    quotesPerSecond: 0,
    durationMs: 6_000,
  })
  expect(scenario.shop.off).toEqual(['reconciler'])
  expect(scenario.method).toEqual([
    {
      when: { link: 'api-*:postgres', exchange: 'COMMIT', nth: 6, phase: 'after', fromMs: 0 },
      inject: { kind: 'crash', target: 'caller', params: { downFor: '1s' } },
    },
    {
      at: 2_000,
      inject: { kind: 'latency', target: 'worker-*:payments', params: { latencyMs: 200 } },
      forMs: 3_000,
    },
  ])
  expect(scenario.expect).toEqual([
    { check: 'no-lost-orders', params: {} },
    { check: 'charged-at-most-once', params: {} },
    { check: 'availability', params: { of: 'place-order', atLeast: 0.95 } },
  ])
})

test('everything that a workload can say arrives as numbers', () => {
  const scenario = parseScenario(
    `
title: all of it
steadyState: 2s
recovery: 20s
seed: 7
workload:
  orders: 30/m
  reads: 5/s
  quotes: 2.5/s
  duration: 10s
  hot: limited
  quantity: 1
  uncached: true
  duplicates: 0.3
  duplicatesWithOtherBody: 0.5
  poison: [5]
  huge: [{ order: 6, lines: 900 }, { order: 9, lines: 300, alike: true }]
  client: { attemptTimeout: 300ms, deadline: 2s, retries: 1, backoff: 10ms, backoffMax: 1s, onlyReady: false, probeInterval: 1s }
shop:
  stock: { limited: 20 }
  environment: { api: { DATABASE_POOL_MAX: "3" } }
  supervisor: { restarts: false, livenessFailures: 0 }
expect: [stock-conserved]
`,
    { file: 'scenario.yaml' },
  )
  expect(scenario).toMatchObject({
    steadyStateMs: 2_000,
    recoveryMs: 20_000,
    seed: 7,
    method: [],
    workload: {
      ordersPerSecond: 0.5,
      quotesPerSecond: 2.5,
      readOrdersPerSecond: 5,
      skus: [{ sku: 'limited', share: 1 }],
      quantityMax: 1,
      browseUncached: true,
      duplicateShare: 0.3,
      duplicateOtherBodyShare: 0.5,
      poisonOrders: [5],
      hugeOrders: [
        { order: 6, lines: 900, alike: false },
        { order: 9, lines: 300, alike: true },
      ],
      client: {
        attemptTimeoutMs: 300,
        deadlineMs: 2_000,
        retriesMax: 1,
        onlyReady: false,
        probeIntervalMs: 1_000,
      },
    },
    shop: {
      stock: { limited: 20 },
      environment: { api: { DATABASE_POOL_MAX: '3' } },
      supervisor: { restarts: false, livenessFailuresMax: 0 },
    },
  })
})

/** Each line: what is replaced in the good scenario, and the whole message that this must get. */
const mistakes: readonly (readonly [name: string, from: string, to: string, message: string])[] = [
  [
    'an unknown fault',
    'latency: {',
    'laterncy: {',
    'scenario.yaml:9: method[1].inject: Unknown fault "laterncy". Did you mean "latency"? Known: latency, bandwidth, ',
  ],
  [
    'a wrong type',
    'latencyMs: 200',
    'latencyMs: fast',
    'scenario.yaml:9: method[1].inject.latency.latencyMs must be a whole number, got "fast". Delay of every piece of data. In milliseconds.',
  ],
  [
    'a negative number',
    'latencyMs: 200',
    'latencyMs: -5',
    'scenario.yaml:9: method[1].inject.latency.latencyMs must not be negative, got -5. Delay of every piece of data. In milliseconds.',
  ],
  [
    'a negative time',
    'at: 2s',
    'at: -2s',
    'scenario.yaml:8: method[1].at must be a duration such as 250ms, 1.5s or 2m, got "-2s". When, counted from the begin of the load.',
  ],
  [
    'a time without a unit',
    'at: 2s',
    'at: 2',
    'scenario.yaml:8: method[1].at must be a duration such as 250ms, 1.5s or 2m, got 2. When, counted from the begin of the load.',
  ],
  [
    'a time after the load',
    'at: 2s',
    'at: 9s',
    'scenario.yaml:8: method[1].at is 9s, but the load is over after 6s. Break it earlier, or give workload.duration more time.',
  ],
  [
    'a fault that lasts too long',
    'for: 3s',
    'for: 11m',
    'scenario.yaml:10: method[1].for must be more than 0s and at most 10m, got 11m.',
  ],
  [
    'an unknown link',
    'worker-*:payments',
    'worker-3:payments',
    'scenario.yaml:9: method[1].inject.latency.link: Unknown link "worker-3:payments". Did you mean "worker-1:payments"? Known: client:api-1, ',
  ],
  [
    'an unquoted star',
    'worker-*:payments',
    '*:payments',
    'scenario.yaml:9: To YAML an unquoted *:payments is a reference, not a pattern. Put it in quotes: "*:payments".',
  ],
  [
    'a bare star',
    'worker-*:payments',
    '*',
    'scenario.yaml:9: To YAML an unquoted * is a reference, not a pattern. Put it in quotes: "*".',
  ],
  [
    'bad YAML',
    'off: [reconciler]',
    'off: [reconciler',
    'scenario.yaml:4: This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
  ],
  [
    'the same key twice',
    'for: 3s',
    'for: 3s\n    for: 4s',
    'scenario.yaml:11: This is not YAML: Map keys must be unique. Take one of the two away.',
  ],
  [
    'an unknown check',
    'no-lost-orders',
    'no-lost-order',
    'scenario.yaml:12: expect[0]: Unknown check "no-lost-order". Did you mean "no-lost-orders"? Known: no-lost-orders, ',
  ],
  [
    'an unknown check with parameters',
    'availability:',
    'availabilty:',
    'scenario.yaml:14: expect[2]: Unknown check "availabilty". Did you mean "availability"? Known: no-lost-orders, ',
  ],
  [
    'a parameter of a check that is none',
    'atLeast: 0.95',
    'atleast: 0.95',
    'scenario.yaml:14: expect[2].availability: Unknown key "atleast". Did you mean "atLeast"? Known: of, atLeast, ',
  ],
  [
    'a choice that is none',
    'of: place-order',
    'of: ordering',
    'scenario.yaml:14: expect[2].availability.of must be one of place-order, browse, quote, read-order, got "ordering".',
  ],
  [
    'a check that needs parameters and has none',
    'availability: { of: place-order, atLeast: 0.95 }',
    'availability',
    'scenario.yaml:14: expect[2] needs "of" for "availability". Write it as availability: { ... }.',
  ],
  [
    'an unknown key',
    'shop:',
    'shopp:',
    'scenario.yaml:4: Unknown key "shopp". Did you mean "shop"? Known: title, description, seed, workload, shop, ',
  ],
  [
    'two faults in one step',
    'latencyMs: 200 } }',
    'latencyMs: 200 }, crash: { instance: api-1 } }',
    'scenario.yaml:9: method[1].inject must name exactly 1 fault.',
  ],
  [
    'a parameter that is missing',
    ', latencyMs: 200',
    '',
    'scenario.yaml:9: method[1].inject.latency needs "latencyMs".',
  ],
  [
    'the caller of no message',
    'inject: { latency: { link: worker-*:payments, latencyMs: 200 } }',
    'inject: { crash: { instance: caller } }',
    'scenario.yaml:9: method[1].inject.crash.instance is "caller", which only a step with "when" has. Name the instance, ',
  ],
  [
    'a fault in the client',
    'link: api-*:postgres, exchange: COMMIT',
    'link: client:api-1, exchange: POST /orders',
    'scenario.yaml:7: method[0].inject.crash.instance is "caller", and on this link that is the client, which is no instance. Name the instance, ',
  ],
  [
    'a step that says neither when nor at',
    'at: 2s',
    'whenever: 2s',
    'scenario.yaml:8: method[1]: Unknown key "whenever". Known: at, after, inject, for.',
  ],
  [
    'a step that says no time at all',
    'at: 2s\n    inject: {',
    'inject: {',
    'scenario.yaml:8: method[1] does not say when. Give at: 2s, or after: 2s.',
  ],
  [
    'a step that says two times',
    'at: 2s\n    inject: {',
    'at: 2s\n    after: 1s\n    inject: {',
    'scenario.yaml:8: method[1] has both at and after. Keep one of them.',
  ],
  [
    'a first step that counts from the one before',
    'method:\n',
    'method:\n  - after: 1s\n    inject: { pause: { instance: api-1 } }\n',
    'scenario.yaml:6: method[0].after has no step before it. Give the first step a time: at: 2s.',
  ],
  ['no load', 'orders: 20/s, browse: 20/s, ', '', 'scenario.yaml:3: workload sends nothing.'],
  [
    'a rate without a unit',
    'orders: 20/s',
    'orders: 20',
    'scenario.yaml:3: workload.orders must be a rate such as 20/s or 30/m, got 20. Orders placed.',
  ],
  [
    'an environment of nobody',
    'off: [reconciler]',
    'environment: { apis: { A: b } }',
    'scenario.yaml:4: shop.environment.apis: Unknown instance "apis". Did you mean "api"? Known: ',
  ],
]

test.each(mistakes)('%s gets one clear message', (_name, from, to, message) => {
  expect(good).toContain(from)
  expect(messageFor(good.replace(from, to)).slice(0, message.length)).toBe(message)
})

test.each(['', '\n', '# only a comment\n'])('an empty file is told to be empty', (text) => {
  expect(messageFor(text)).toBe(
    'scenario.yaml is empty. A scenario needs at least title, workload and expect.',
  )
})

test('a file that is no mapping is refused', () => {
  expect(messageFor('just text')).toBe(
    'scenario.yaml: the scenario must be a mapping of keys to values, got "just text". A scenario needs at least title, workload and expect.',
  )
})

test('a scenario without expect is refused', () => {
  const text = good.slice(0, good.indexOf('expect:'))
  expect(messageFor(text)).toMatch(/^scenario.yaml: the scenario needs "expect"\./)
})

test('an empty list of checks is refused', () => {
  const text = `${good.slice(0, good.indexOf('expect:'))}expect: []`
  expect(messageFor(text)).toMatch(/^scenario.yaml:\d+: expect must not be empty\./)
})

test('a step may count from the step before it', () => {
  const text = good.replace('at: 2s', 'after: 500ms')
  expect(parseScenario(text, { file: 'scenario.yaml' }).method[1]).toMatchObject({
    at: 500,
    fromStepBefore: true,
    forMs: 3_000,
  })
})
