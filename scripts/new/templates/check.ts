import { camelCase, objectEntry, type Part } from '../part.ts'

/** A check of the orders of a run. The author decides which orders offend. */
export function checkPart(kind: string): Part {
  const name = camelCase(kind)
  const file = `chaos/shop/checks/${kind}`
  return {
    files: [
      { file: `${file}.ts`, text: source(kind, name) },
      { file: `${file}.test.ts`, text: test(kind, name) },
    ],
    index: {
      file: 'chaos/shop/checks/index.ts',
      importLine: `import { ${name} } from './${kind}.ts'`,
      entry: objectEntry(kind),
      end: '})',
    },
    next: [
      `${file}.ts: replace each TODO.`,
      `${file}.test.ts: replace the TODO test. Keep one test for each outcome: held, violated, inconclusive.`,
      'npm run docs',
      `npx vitest run --project unit ${file}`,
    ],
  }
}

const source = (
  kind: string,
  name: string,
): string => `import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import { defineCheck } from './lib/define-check.ts'
import { orderCases } from './lib/order-cases.ts'

const name = '${kind}'
const title = 'TODO: the property that must hold'

export const ${name} = defineCheck({
  name,
  description: 'TODO: the property that must hold.',
  params: noParams,
  judge(evidence) {
    const orders = orderCases(evidence)
    if (orders.length === 0)
      return inconclusiveResult(name, title, 'The run has no orders. Give the workload a rate.')
    // TODO: the orders that offend, each with the expected and the actual value.
    const offenders: Offender[] = []
    const total = formatCount(orders.length, 'order')
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: \`None of \${total} offends.\`,
      violated: \`\${offenders.length} of \${total} offend.\`,
    })
  },
})
`

const test = (kind: string, name: string): string => `import { expect, test } from 'vitest'

import { paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { ${name} } from './${kind}.ts'

test('holds for a paid order', () => {
  expect(${name}.judge(testEvidence([paidOrder(1)]), {}).outcome).toBe('held')
})

test('is inconclusive without orders', () => {
  expect(${name}.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})

test('TODO: an order that violates ${kind}', () => {
  expect.fail('TODO: give evidence that violates the check, and assert the offender.')
})
`
