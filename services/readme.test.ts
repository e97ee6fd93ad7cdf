import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'

import { expect, test } from 'vitest'

import { safetyNetNames } from '#services/database/safety-nets.ts'

import { seams } from './seams.ts'

const folder = import.meta.dirname

test('the README names every variable, seam and net, and no unused variable', async () => {
  const readme = await readFile(path.join(folder, 'README.md'), 'utf8')
  const read = new Set<string>()
  for await (const file of glob('{api,worker,payments,lib,database}/**/*.ts', { cwd: folder })) {
    if (file.includes('.test.')) continue
    const text = await readFile(path.join(folder, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/read\.\w+\(\s*'([A-Z_]+)'/g)) read.add(name)
  }
  expect(read.size).toBeGreaterThan(30)
  const table = readme.slice(readme.indexOf('## Environment'))
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  const documented = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name),
  )
  // STOCK belongs to the program that initialises the database.
  read.delete('STOCK')
  expect(new Set(documented)).toEqual(read)
  for (const name of [...Object.keys(seams), ...safetyNetNames])
    expect(readme).toContain(`\`${name}\``)
})
