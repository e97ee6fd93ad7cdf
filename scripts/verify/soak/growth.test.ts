import { expect, test } from 'vitest'

import { recordGrowth } from './growth.ts'

const api = { name: 'api-1', pid: 7 }
const links = { name: 'links', pid: 8 }

test('a process that grows is named, with its memory or its handles', () => {
  const record = recordGrowth()
  for (let i = 0; i < 30; i++)
    record.add(
      i,
      new Map([
        [api, { megabytes: 80 + 3 * i, handles: 40 }],
        [links, { megabytes: 60 + (i % 5), handles: 50 + 2 * i }],
      ]),
    )
  expect(record.judged).toEqual(['api-1', 'links'])
  expect(record.grown).toEqual([
    'api-1 (pid 7) grew from 94 to 154 MB',
    'links (pid 8) grew from 59 to 99 handles',
  ])
})

test('a process that was restarted all the time is not judged, and neither is its growth', () => {
  const record = recordGrowth()
  for (let pid = 1; pid < 30; pid++)
    record.add(
      pid,
      new Map([
        [
          { name: 'api-1', pid },
          { megabytes: 80 * pid, handles: 1 },
        ],
      ]),
    )
  expect(record.judged).toEqual([])
  expect(record.grown).toEqual([])
})
