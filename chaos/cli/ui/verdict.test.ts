import { expect, test } from 'vitest'

import type { Verdict } from '#chaos/contracts/check.ts'

import { createPrinter } from './printer.ts'
import { predictionText, storyText, verdictText } from './verdict.ts'

const out = createPrinter({ columns: 60, write: () => true }, { noColour: true, environment: {} })

const verdict: Verdict = {
  outcome: 'violated',
  headline: '3 of 120 acknowledged orders are lost.',
  checks: [
    {
      name: 'no-lost-orders',
      title: 'no acknowledged order is lost',
      outcome: 'violated',
      summary: '3 of 120 acknowledged orders are lost.',
      offenders: [],
      offendersTotal: 3,
    },
    {
      name: 'availability',
      title: 'availability of orders at least 98 %',
      outcome: 'held',
      summary: '120 of 120 orders succeeded (100 %).',
      offenders: [],
      offendersTotal: 0,
    },
  ],
  reasons: [],
}

test('a verdict is a headline and one line per check, without colours too', () => {
  expect(`\n${verdictText(verdict, out)}\n`).toMatchInlineSnapshot(`
    "
     VIOLATED   3 of 120 acknowledged orders are lost.

      ✗ no acknowledged order is lost: 3 of 120 acknowledged
          orders are lost.
      ✓ availability of orders at least 98 %: 120 of 120 orders
          succeeded (100 %).
    "
  `)
})

test('an inconclusive verdict lists its reasons', () => {
  const text = verdictText(
    {
      outcome: 'inconclusive',
      headline: 'No fault fired.',
      checks: [],
      reasons: ['The trap never sprang.'],
    },
    out,
  )
  expect(text).toBe(' INCONCLUSIVE   No fault fired.\n\n  ? The trap never sprang.')
})

test('a long line of a story stays in its column', () => {
  const story = {
    about: 'Order o-7',
    headline: 'acknowledged but not paid',
    lines: [
      { ms: 812, who: 'client', text: 'sends order o-7 to api-1' },
      {
        ms: 1_310,
        who: 'fault',
        text: 'timeout on api-1:redis begins, and no data passes the link',
      },
    ],
    expected: 'paid',
    actual: 'placed',
  }
  expect(`\n${storyText(story, out)}\n`).toMatchInlineSnapshot(`
    "
    The story of Order o-7: acknowledged but not paid

      0.812 s  client  sends order o-7 to api-1
      1.310 s  fault   timeout on api-1:redis begins, and no
                       data passes the link

      expected  paid
      actual    placed
    "
  `)
})

test('a prediction is printed with the measurement', () => {
  const text = predictionText(
    {
      answers: ['Nothing.', 'Errors.'],
      prediction: { answer: 0, confidence: 70, at: '' },
      outcomeOfPrediction: { right: 1, because: 'It throws.' },
    },
    out,
  )
  expect(text).toBe(
    [
      'You predicted  a) Nothing.  (70 % sure)',
      'Measured       b) Errors.',
      '               It throws.',
    ].join('\n'),
  )
})
