import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { labs } from './index.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

test.each(['./README.md', '../README.md'])(
  '%s lists every lab, with its minutes, in teaching order',
  (path) => {
    const text = read(path)
    const rows = labs.map(({ id, minutes }) =>
      text.search(new RegExp(`\\(\\S*/${id}/README\\.md\\).*\\| ${minutes} \\|`)),
    )
    expect(rows.every((at) => at > 0)).toBe(true)
    expect(rows).toEqual(rows.toSorted((a, b) => a - b))
  },
)
