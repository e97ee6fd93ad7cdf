import { camelCase, objectEntry, type Part } from '../part.ts'

/** A fault that puts a toxic on a link. The author chooses the toxic, or another target. */
export function faultPart(kind: string): Part {
  const name = camelCase(kind)
  const file = `chaos/faults/${kind}`
  return {
    files: [
      { file: `${file}.ts`, text: source(kind, name) },
      { file: `${file}.test.ts`, text: test(kind, name) },
    ],
    index: {
      file: 'chaos/faults/index.ts',
      importLine: `import { ${name} } from './${kind}.ts'`,
      entry: objectEntry(kind),
      end: '})',
    },
    next: [
      `${file}.ts: replace each TODO. The helpers for other targets are in chaos/faults/README.md.`,
      `${file}.test.ts: replace the TODO test with a test of what the fault does.`,
      'npm run docs',
      `npx vitest run --project unit ${file}`,
    ],
  }
}

const source = (kind: string, name: string): string => `import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { connectionShareParameter, directionParameter, faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const ${name} = defineFault({
  kind: '${kind}',
  description: 'TODO: what happens to the target.',
  outside: 'TODO: where it happens outside a sandbox.',
  target: 'link',
  example: { target: 'api-*:payments', params: { amount: 1 } },
  params: faultParameters({
    amount: Type.Integer({ minimum: 0, description: 'TODO: what it means, with its unit.' }),
    direction: directionParameter('replies'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    // TODO: the toxic's type. A parameter sets the attribute with the same name. Different names and units are in
    // lib/toxic-attributes.ts.
    injectToxics(request, context, { type: 'noop', direction: 'replies', params: {} }),
})
`

const test = (kind: string, name: string): string => `import { expect, test } from 'vitest'

import { ${name} } from './${kind}.ts'
import { describeFault } from './testing/describe-fault.ts'

const example = { params: { amount: 1 }, targets: ['api-1:payments'] }

describeFault(${name}, example)

test('TODO: what ${kind} does to its target', () => {
  expect.fail('TODO: inject the example with createWorld and requestOf, and assert its effect.')
})
`
