import { expect, test } from 'vitest'

import type { ShopWorkload } from '#chaos/shop/workload/shop-workload.ts'
import { system } from '#chaos/system.ts'

import { composeVariants, variantAt } from './compose-variants.ts'

const scenario = {
  file: 'scenario.yaml',
  text: `
title: A test
workload: { orders: 10/s, duration: 4s }
method:
  - at: 500ms
    inject: { refuse: { link: 'api-*:redis' } }
expect: [no-lost-orders]
`,
}
const variants = {
  file: 'variants.yaml',
  text: `
variants:
  - name: early
    what: Redis refuses early.
    lasts: 2s
    method:
      - at: 100ms
        inject: { refuse: { link: 'api-*:redis' } }
        for: 1s
  - name: at-a-commit
    what: An API instance dies at a COMMIT.
    lasts: 3s
    method:
      - when: { link: 'api-*:postgres', exchange: COMMIT, nth: 2, phase: after, from: 200ms }
        inject: { crash: { instance: caller } }
  - name: late
    what: Redis refuses late.
    lasts: 4s
    method:
      - at: 3s
        inject: { refuse: { link: 'api-*:redis' } }
        for: 500ms
      - after: 100ms
        inject: { refuse: { link: 'worker-*:redis' } }
        for: 500ms
`,
}
const compose = (seed: number, budgetMs: number, texts = { scenario, variants }) =>
  composeVariants(texts, { system, seed, budgetMs })

test('variants follow one another in one load, and their times move with them', () => {
  const { scenario: built, parts, leftOut } = compose(1, 60_000)
  expect(leftOut).toEqual([])
  expect(parts.map(({ name }) => name).toSorted()).toEqual(['at-a-commit', 'early', 'late'])
  expect(built.workload.durationMs).toBe(9_000 + 1_500)
  const starts = new Map(parts.map(({ name, fromMs }) => [name, fromMs]))
  const times = built.method.map((step) => ('at' in step ? step.at : step.when.fromMs))
  expect(times.toSorted((a, b) => a - b)).toEqual(
    [
      100,
      (starts.get('early') ?? 0) + 100,
      (starts.get('at-a-commit') ?? 0) + 200,
      (starts.get('late') ?? 0) + 3_000,
    ].toSorted((a, b) => a - b),
  )
  expect(variantAt(parts, (parts[1]?.fromMs ?? 0) + 1)?.name).toBe(parts[1]?.name)
})

test('the seed decides the sequence, and a smaller budget cuts only its end', () => {
  const all = compose(7, 60_000).parts.map(({ name }) => name)
  const { parts, leftOut } = compose(7, 5_000)
  expect(parts.map(({ name }) => name)).toEqual(all.slice(0, parts.length))
  expect(leftOut).toEqual(all.slice(parts.length))
  expect(compose(7, 1).parts).toHaveLength(1)
  const sequences = new Set(
    Array.from({ length: 20 }, (_, seed) =>
      compose(seed, 60_000)
        .parts.map((p) => p.name)
        .join(),
    ),
  )
  expect(sequences.size).toBeGreaterThan(3)
})

test('the file of a lab may cut the budget, and cannot lengthen it', () => {
  const text = `${variants.text}budget: 5s\n`
  const texts = { scenario, variants: { ...variants, text } }
  for (let seed = 0; seed < 20; seed += 1) {
    expect(compose(seed, 60_000, texts)).toEqual(compose(seed, 5_000))
    expect(compose(seed, 2_000, texts)).toEqual(compose(seed, 2_000))
  }
  const all = composeVariants(texts, { system, names: ['all'] })
  expect(all.leftOut).toEqual([])
  expect(all.parts).toHaveLength(3)
})

const named = (...names: readonly string[]) =>
  composeVariants({ scenario, variants }, { system, names })

test('named variants run alone, in the given sequence, without a budget', () => {
  const { parts, leftOut, scenario: built } = named('late', 'early')
  expect(parts.map(({ name, fromMs }) => [name, fromMs])).toEqual([
    ['late', 0],
    ['early', 4_000],
  ])
  expect(leftOut).toEqual([])
  expect(built.workload.durationMs).toBe(6_000 + 1_500)
  expect(named('at-a-commit').scenario.workload.durationMs).toBe(3_000 + 1_500)
  expect(named('all').parts.map(({ name }) => name)).toEqual(['early', 'at-a-commit', 'late'])
})

test('a name that no variant has: the error lists the names and the nearest', () => {
  expect(() => named('early', 'lat')).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/"lat".*"late"/) as string,
      remedy: expect.stringContaining('early, at-a-commit, late, all') as string,
    }),
  )
})

test('special orders of a variant are numbered from its start', () => {
  const text = `
workload: { poison: [1] }
variants:
  - { name: first, what: Poison., lasts: 2s, method: [], orders: { poison: [3] } }
  - name: second
    what: More poison, and a huge order.
    lasts: 2s
    method: []
    orders: { poison: [5], huge: [{ order: 7, lines: 9 }] }
`
  const { scenario: built, parts } = compose(1, 60_000, {
    scenario,
    variants: { ...variants, text },
  })
  const before = (name: string) => (parts.find((part) => part.name === name)?.fromMs ?? 0) / 100
  const { poisonOrders, hugeOrders } = built.workload as ShopWorkload
  expect(poisonOrders).toHaveLength(3)
  expect(poisonOrders).toEqual(
    expect.arrayContaining([1, 3 + before('first'), 5 + before('second')]),
  )
  expect(hugeOrders).toMatchObject([{ order: 7 + before('second'), lines: 9 }])
})

test('the first step of a variant can count from the last step of the variant before, but not before its own time', () => {
  const text = `
variants:
${['one', 'two']
  .map(
    (name) => `
  - name: ${name}
    what: A restart.
    lasts: 2s
    method: [{ after: 300ms, inject: { restart: { instance: api-1 } } }]`,
  )
  .join('')}
`
  const { method } = compose(1, 60_000, { scenario, variants: { ...variants, text } }).scenario
  expect(method).toMatchObject([{ at: 300 }, { at: 300, fromStepBefore: true, notBeforeMs: 2_000 }])
  expect(method[0]).not.toHaveProperty('fromStepBefore')
})

test('an error names the file', () => {
  const text = variants.text.replace('refuse:', 'refuze:')
  const broken = { ...variants, text }
  expect(() => compose(1, 60_000, { scenario, variants: broken })).toThrow(/variants\.yaml.*refuze/)
  const twice = { ...variants, text: variants.text.replace('name: late', 'name: early') }
  expect(() => compose(1, 1, { scenario, variants: twice })).toThrow(/two variants .*early/)
  const all = { ...variants, text: variants.text.replace('name: late', 'name: all') }
  expect(() => compose(1, 1, { scenario, variants: all })).toThrow(/variants\.yaml.*"all"/)
})
