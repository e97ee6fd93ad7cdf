import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { readMounted } from './read-mounted.ts'

test('reads mounted files and the files of mounted folders; what is large, deeper or absent has no text', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-mounted-'))
  try {
    await mkdir(join(folder, 'conf', 'deep'), { recursive: true })
    await writeFile(join(folder, 'conf', 'a.conf'), 'proxy_pass http://web')
    await writeFile(join(folder, 'conf', 'deep', 'b.conf'), 'deep')
    await writeFile(join(folder, 'one.env'), 'URL=http://db')
    await writeFile(join(folder, 'large'), 'x'.repeat(100_000))
    const mounted = ['conf', 'one.env', 'large', 'absent'].map((name) => join(folder, name))
    expect(readMounted(mounted).split('\n').filter(Boolean).toSorted()).toEqual([
      'URL=http://db',
      'proxy_pass http://web',
    ])
    expect(readMounted([])).toBe('')
  } finally {
    await rm(folder, { recursive: true })
  }
})
