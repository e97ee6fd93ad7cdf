import { readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { sources } from './sources.ts'

type Packages = Readonly<Record<string, string>>

const read = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8')
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
  read('package.json'),
) as Readonly<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Packages>>
const all = { ...dependencies, ...devDependencies, ...optionalDependencies }

/** The entry of a package covers its types. */
const toExplain = Object.keys(all).filter((name) => !name.startsWith('@types/'))

test.each(toExplain)('docs/dependencies.md explains %s', (name) => {
  const mention = new RegExp(`[| ,]${RegExp.escape(name)}[ ,|]`)
  expect(read('docs/dependencies.md')).toMatch(mention)
})

test('a file imports every dependency, and every version is exact', () => {
  const text = sources()
    .map((source) => source.text)
    .join('\n')
  const names = Object.keys({ ...dependencies })
  const unused = names.filter((name) => !text.includes(`'${name}'`) && !text.includes(`'${name}/`))
  expect(unused).toEqual([])
  expect(Object.values(all).filter((version) => !/^\d+\.\d+\.\d+[\w.-]*$/.test(version))).toEqual(
    [],
  )
})
