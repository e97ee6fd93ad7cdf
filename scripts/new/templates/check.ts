import { camelCase, objectEntry, type Part } from '../part.ts'

/** A check over the orders of a run: the author decides which of them offend. */
export function checkPart(kind: string): Part {
  const name = camelCase(kind)
  const file = `chaos/checks/${kind}`
  return {
    files: [
      { file: `${file}.ts`, text: source(kind, name) },
      { file: `${file}.test.ts`, text: test(kind, name) },
    ],
    index: {
      file: 'chaos/checks/index.ts',
      importLine: `import { ${name} } from './${kind}.ts'`,
      entry: objectEntry(kind),
      end: '})',
    },
    next: [
      `${file}.ts: replace each TODO.`,
      `${file}.test.ts: replace the TODO tests. Show evidence that holds, that violates, and that says nothing.`,
      'npm run docs',
      `npx vitest run --project unit ${file}`,
    ],
  }
}

const source = (
  kind: string,
  name: string,
): string => `import type { Offender } from '#chaos/contracts/check.ts'

import { defineCheck } from './lib/define-check.ts'
import { count } from './lib/format-figures.ts'
import { inconclusive, judged } from './lib/judged.ts'
import { orderCases } from './lib/order-cases.ts'
import { noParams } from './lib/params.ts'

const name = '${kind}'
const title = 'TODO: the property that must hold'

export const ${name} = defineCheck({
  name,
  description: 'TODO: the property that must hold.',
  params: noParams,
  judge(evidence) {
    const orders = orderCases(evidence)
    if (orders.length === 0)
      return inconclusive(name, title, 'The run has no orders, so there is nothing to judge.')
    // TODO: the orders that offend, each with what was expected and what was found.
    const offenders: Offender[] = []
    return judged({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: \`None of \${count(orders.length, 'order')} offends.\`,
      violated: \`\${offenders.length} of \${count(orders.length, 'order')} offend.\`,
    })
  },
})
`

const test = (kind: string, name: string): string => `import { expect, test } from 'vitest'

import { ${name} } from './${kind}.ts'
import { paidOrder, testEvidence } from './testing/test-evidence.ts'

test('holds for an order that is paid', () => {
  expect(${name}.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('held')
})

test('is inconclusive without orders', () => {
  expect(${name}.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})

test('TODO: what violates ${kind}', () => {
  expect.fail('TODO: give evidence that violates the check, and assert the offender.')
})
`
