import { expect, test } from 'vitest'

import { recordGrowth } from './growth.ts'

const api = { name: 'api-1', pid: 7 }
const links = { name: 'links', pid: 8 }

test('a process that grows after its warm-up is named, with its memory or its handles', () => {
  const record = recordGrowth()
  for (let i = 0; i < 66; i++)
    record.add(
      10 * i,
      new Map([
        // From the end of the warm-up on: 80 + 3 i.
        [api, { megabytes: 80 + 3 * (i - 36), handles: 40 }],
        [links, { megabytes: 60 + (i % 5), handles: 50 + 2 * (i - 36) }],
      ]),
    )
  expect(record.judged).toEqual(['api-1', 'links'])
  expect(record.levels).toEqual(['api-1 80 -> 140', 'links 60 -> 60'])
  expect(record.grown).toEqual([
    'api-1 (pid 7) grew from 80 to 140 MB',
    'links (pid 8) grew from 50 to 90 handles',
  ])
})

test('what a garbage collection takes back is not growth', () => {
  const record = recordGrowth()
  for (let i = 0; i < 84; i++)
    record.add(
      10 * i,
      new Map([[api, { megabytes: 200 + (i < 54 ? i % 5 : 12 * (i % 20)), handles: 40 }]]),
    )
  expect(record.judged).toEqual(['api-1'])
  expect(record.grown).toEqual([])
})

test('memory in use counts where it is known; resident memory that an allocator keeps may rise, but not without end', () => {
  const record = recordGrowth()
  const process = (name: string) => ({ name, pid: 1 })
  for (let i = 0; i < 84; i++)
    record.add(
      10 * i,
      new Map([
        // A burst at 500 s.
        [process('burst'), { megabytes: i < 50 ? 110 : 175, inUse: 40 + (i % 3), handles: 40 }],
        [process('leak'), { megabytes: 110 + i, inUse: 40 + i, handles: 40 }],
        [process('native'), { megabytes: 50 + 6 * (i - 36), inUse: 40, handles: 40 }],
      ]),
    )
  expect(record.grown).toEqual([
    'leak (pid 1) grew from 76 to 108 MB in use',
    'native (pid 1) grew from 50 to 242 MB resident',
  ])
})

test('growth in the warm-up does not count', () => {
  const record = recordGrowth()
  for (let i = 0; i < 84; i++)
    record.add(10 * i, new Map([[api, { megabytes: Math.min(200, 50 * i), handles: 40 }]]))
  expect(record.judged).toEqual(['api-1'])
  expect(record.grown).toEqual([])
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
