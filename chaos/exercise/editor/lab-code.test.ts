import { test, expect } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import { findLab } from '../find-lab.ts'
import { declarationsIn, importsIn } from './declarations.ts'
import { labCode } from './lab-code.ts'

const home = homeAt('/nowhere')

test('the types of a lab begin with its seam and follow what that uses', async () => {
  const { types } = await labCode(system, home, findLab(labs, 'dual-write'), '')
  expect(types[0]).toMatchObject({ title: 'PlaceOrder', path: 'services/api/seams.ts' })
  expect(types[0]?.text).toContain('/** Places an order.')
  const titles = types.map(({ title }) => title)
  expect(titles).toEqual(expect.arrayContaining(['OrderDesk', 'Sale', 'Order', 'Answer']))
  expect(titles).not.toContain('ReserveStock')
})

test.for(labs.map((lab) => [lab.id, lab] as const))(
  'the code of %s shows its type, and never its solution',
  async ([, lab]) => {
    const solutions = lab.seams.map(({ seam }) => system.seams?.fileOf(seam) ?? '')
    const readme = `${solutions.join(' ')} and services/api/seams.ts`
    const { types, shopFiles } = await labCode(system, home, lab, readme)
    expect(types.length).toBeGreaterThan(0)
    expect(shopFiles.map(({ path }) => path)).toEqual(['services/api/seams.ts'])
    for (const { path } of types) expect(solutions).not.toContain(path)
  },
)

test('only files of the project that exist are shown', async () => {
  const readme = 'labs/index.ts, ../../etc/passwd, services/no/file.ts, my-work/x/y.ts'
  const { shopFiles } = await labCode(system, home, findLab(labs, 'lab-zero'), readme)
  expect(shopFiles).toEqual([])
})

test('a declaration has its comment, and ends at an empty line outside of brackets', () => {
  const text =
    "import type { B } from './b.ts'\n\n/** One {. */\nexport type A = {\n\n  b: B\n}\n\nexport const c = '{'\n\nconst d = 1\n"
  expect(declarationsIn(text)).toEqual([
    { name: 'A', text: '/** One {. */\nexport type A = {\n\n  b: B\n}' },
    { name: 'c', text: "export const c = '{'" },
  ])
  expect(importsIn(text)).toEqual([{ from: './b.ts', names: ['B'] }])
})
