import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { composeVariants } from '#chaos/engine/scenario/compose-variants.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import { system } from '#chaos/system.ts'

import { labs } from './index.ts'

test.for(labs)('$id has six to ten variants, and they are valid', (lab) => {
  const read = (file: string) => ({
    file: `${lab.id}/${file}`,
    text: readFileSync(join(labFolder(lab), file), 'utf8'),
  })
  const texts = { scenario: read('scenario.yaml'), variants: read('variants.yaml') }
  const all = composeVariants(texts, { system, names: ['all'] })
  expect(all.parts.length).toBeGreaterThanOrEqual(6)
  expect(all.parts.length).toBeLessThanOrEqual(10)
  expect(composeVariants(texts, { system, seed: 2, budgetMs: 1 }).parts).toHaveLength(1)
})
