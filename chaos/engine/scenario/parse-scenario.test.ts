import { expect, test } from 'vitest'

import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { parseScenario } from './parse-scenario.ts'

const valid = `
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
    parseScenario(text, { file: 'scenario.yaml', system })
  } catch (error) {
    if (error instanceof InputError) return `${error.message} ${error.remedy ?? ''}`.trim()
    throw error
  }
  return 'no error'
}

test('a scenario is parsed to numbers and names', () => {
  const scenario = parseScenario(valid, { file: 'scenario.yaml', system })
  expect(scenario.workload).toMatchObject({
    rates: { 'place-order': 20, browse: 20, quote: 0 },
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

test('every key of workload, shop and client is parsed', () => {
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
    { file: 'scenario.yaml', system },
  )
  expect(scenario).toMatchObject({
    steadyStateMs: 2_000,
    recoveryMs: 20_000,
    seed: 7,
    method: [],
    workload: {
      rates: { 'place-order': 0.5, quote: 2.5, 'read-order': 5 },
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

/** In the valid scenario `from` becomes `to`; the error has this place, and its text matches `facts`. */
const errors: readonly (readonly [
  name: string,
  from: string,
  to: string,
  place: string,
  facts: RegExp,
])[] = [
  [
    'an unknown fault',
    'latency: {',
    'laterncy: {',
    '9: method[1].inject',
    /"laterncy".*"latency".*bandwidth, /,
  ],
  [
    'a wrong type',
    'latencyMs: 200',
    'latencyMs: fast',
    '9: method[1].inject.latency.latencyMs',
    /whole number.*"fast"/,
  ],
  [
    'a negative number',
    'latencyMs: 200',
    'latencyMs: -5',
    '9: method[1].inject.latency.latencyMs',
    /negative.*-5/,
  ],
  ['a negative time', 'at: 2s', 'at: -2s', '8: method[1].at', /duration.*250ms.*"-2s"/],
  ['a time without a unit', 'at: 2s', 'at: 2', '8: method[1].at', /duration.*250ms.* 2\./],
  ['a time after the load', 'at: 2s', 'at: 9s', '8: method[1].at', /9s.*6s.*workload\.duration/],
  ['a fault that lasts too long', 'for: 3s', 'for: 11m', '10: method[1].for', /0s.*10m.*11m/],
  [
    'an unknown link',
    'worker-*:payments',
    'worker-3:payments',
    '9: method[1].inject.latency.link',
    /"worker-3:payments".*"worker-1:payments".*client:api-1, /,
  ],
  ['an unquoted pattern', 'worker-*:payments', '*:payments', '9:', /"\*:payments"/],
  ['an unquoted *', 'worker-*:payments', '*', '9:', /"\*"/],
  ['invalid YAML', 'off: [reconciler]', 'off: [reconciler', '4:', /YAML.*\]/],
  ['the same key twice', 'for: 3s', 'for: 3s\n    for: 4s', '11:', /YAML.*unique/],
  [
    'an unknown check',
    'no-lost-orders',
    'no-lost-order',
    '12: expect[0]',
    /"no-lost-order".*"no-lost-orders".*no-lost-orders, /,
  ],
  [
    'an unknown check with parameters',
    'availability:',
    'availabilty:',
    '14: expect[2]',
    /"availabilty".*"availability"/,
  ],
  [
    'an unknown parameter of a check',
    'atLeast: 0.95',
    'atleast: 0.95',
    '14: expect[2].availability',
    /"atleast".*"atLeast".*of, atLeast, /,
  ],
  [
    'a value outside of the choice',
    'of: place-order',
    'of: ordering',
    '14: expect[2].availability.of',
    /place-order, browse, quote, read-order.*"ordering"/,
  ],
  [
    'a check without its parameters',
    'availability: { of: place-order, atLeast: 0.95 }',
    'availability',
    '14: expect[2]',
    /"of".*availability: \{/,
  ],
  ['an unknown key', 'shop:', 'shopp:', '4:', /"shopp".*"shop".*title, description, seed, /],
  [
    'two faults in one step',
    'latencyMs: 200 } }',
    'latencyMs: 200 }, crash: { instance: api-1 } }',
    '9: method[1].inject',
    /exactly 1 fault/,
  ],
  ['a missing parameter', ', latencyMs: 200', '', '9: method[1].inject.latency', /"latencyMs"/],
  [
    'caller in a step without a trap',
    'inject: { latency: { link: worker-*:payments, latencyMs: 200 } }',
    'inject: { crash: { instance: caller } }',
    '9: method[1].inject.crash.instance',
    /"caller".*"when"/,
  ],
  [
    'a trap for the same order without a trap before it',
    'phase: after }',
    'phase: after, sameOrder: true }',
    '6: method[0].when.sameOrder',
    /step before/,
  ],
  [
    'a fault on the client',
    'link: api-*:postgres, exchange: COMMIT',
    'link: client:api-1, exchange: POST /orders',
    '7: method[0].inject.crash.instance',
    /"caller".*client/,
  ],
  ['an unknown key in a step', 'at: 2s', 'whenever: 2s', '8: method[1]', /"whenever".*at, after, /],
  [
    'a step without a time',
    'at: 2s\n    inject: {',
    'inject: {',
    '8: method[1]',
    /at: 2s.*after: 2s/,
  ],
  [
    'a step with two times',
    'at: 2s\n    inject: {',
    'at: 2s\n    after: 1s\n    inject: {',
    '8: method[1]',
    /at and after/,
  ],
  [
    'a first step that counts from the previous step',
    'method:\n',
    'method:\n  - after: 1s\n    inject: { pause: { instance: api-1 } }\n',
    '6: method[0].after',
    /at: 2s/,
  ],
  ['no load', 'orders: 20/s, browse: 20/s, ', '', '3: workload', /orders, browse, quotes or reads/],
  [
    'a rate without a unit',
    'orders: 20/s',
    'orders: 20',
    '3: workload.orders',
    /rate.*20\/s.*30\/m.* 20\./,
  ],
  [
    'an environment of an unknown service',
    'off: [reconciler]',
    'environment: { apis: { A: b } }',
    '4: shop.environment.apis',
    /"apis".*"api"/,
  ],
]

test.each(errors)(
  'the error about %s names place, value and remedy',
  (_name, from, to, place, facts) => {
    expect(valid).toContain(from)
    const message = messageFor(valid.replace(from, to))
    expect(message.startsWith(`scenario.yaml:${place}`)).toBe(true)
    expect(message).toMatch(facts)
  },
)

test.each(['', '\n', '# only a comment\n'])('an empty file is an error', (text) => {
  expect(messageFor(text)).toMatch(/scenario\.yaml .*empty.*title, workload and expect/)
})

test('a file that is not a mapping is an error', () => {
  expect(messageFor('just text')).toMatch(
    /scenario\.yaml.*mapping.*"just text".*title, workload and expect/,
  )
})

test('a scenario without expect is an error', () => {
  const text = valid.slice(0, valid.indexOf('expect:'))
  expect(messageFor(text)).toMatch(/^scenario\.yaml: .*"expect"/)
})

test('an empty list of checks is an error', () => {
  const text = `${valid.slice(0, valid.indexOf('expect:'))}expect: []`
  expect(messageFor(text)).toMatch(/^scenario\.yaml:\d+: expect .*empty/)
})

test('a step can count from the previous step', () => {
  const text = valid.replace('at: 2s', 'after: 500ms')
  expect(parseScenario(text, { file: 'scenario.yaml', system }).method[1]).toMatchObject({
    at: 500,
    fromStepBefore: true,
    forMs: 3_000,
  })
})
