import { camelCase, type Part } from '../part.ts'

/** A toxic on the bytes of one direction. The author decides what happens to a chunk. */
export function toxicPart(kind: string): Part {
  const name = camelCase(kind)
  const file = `chaos/proxy/toxics/${kind}`
  return {
    files: [
      { file: `${file}.ts`, text: source(kind, name) },
      { file: `${file}.test.ts`, text: test(kind, name) },
    ],
    index: {
      file: 'chaos/proxy/toxics/index.ts',
      importLine: `import { ${name} } from './${kind}.ts'`,
      entry: `  ${name},`,
      end: ']',
    },
    next: [
      `${file}.ts: replace each TODO. For HTTP, use inspectHttpExchanges (chaos/proxy/toxics/README.md).`,
      `${file}.test.ts: replace the TODO test with a test of what the toxic does.`,
      'npm run docs',
      `npx vitest run --project unit ${file}`,
      `npm run new -- fault ${kind}: a fault that uses it`,
    ],
  }
}

const source = (kind: string, name: string): string => `import { Type } from 'typebox'

import { defineToxic } from './lib/toxic-kind.ts'

export const ${name} = defineToxic({
  type: '${kind.replaceAll('-', '_')}',
  description: 'TODO: what happens to the bytes.',
  // TODO: one of the looks in chaos/contracts/look.ts.
  look: 'plain',
  attributes: Type.Object({
    amount: Type.Integer({
      minimum: 0,
      default: 0,
      description: 'TODO: what it means, with its unit.',
    }),
  }),
  stage: (context) => ({
    // TODO: what happens to a chunk. Call context.touch() when the toxic changes something.
    chunk: (chunk) => context.pass(chunk),
  }),
})
`

const test = (kind: string, name: string): string => `import { expect, test } from 'vitest'

import { createStageBench } from '../testing/stage-bench.ts'
import { ${name} } from './${kind}.ts'

test('TODO: what ${kind} does to the bytes', () => {
  const bench = createStageBench(${name}, { amount: 1 })
  bench.chunk('x')
  expect.fail(\`TODO: assert the output: \${bench.bytes().toString()}\`)
})
`
