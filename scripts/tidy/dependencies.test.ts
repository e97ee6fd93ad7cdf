import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { root } from '../docs/root.ts'
import { sources } from './sources.ts'

type Packages = Readonly<Record<string, string>>

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
  read('package.json'),
) as Readonly<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Packages>>
const all = { ...dependencies, ...devDependencies, ...optionalDependencies }

/** Types of a package are explained with the package. */
const toExplain = Object.keys(all).filter((name) => !name.startsWith('@types/'))

test.each(toExplain)('docs/dependencies.md says what %s is for', (name) => {
  const mention = new RegExp(`[| ,]${RegExp.escape(name)}[ ,|]`)
  expect(read('docs/dependencies.md')).toMatch(mention)
})

test('every package of the running project is imported somewhere, in its exact version', () => {
  const text = sources()
    .map((source) => source.text)
    .join('\n')
  const names = Object.keys({ ...dependencies })
  const idle = names.filter((name) => !text.includes(`'${name}'`) && !text.includes(`'${name}/`))
  expect(idle).toEqual([])
  expect(Object.values(all).filter((version) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version))).toEqual(
    [],
  )
})
