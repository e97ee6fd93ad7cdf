import { expect, test } from 'vitest'

import { procStatFields } from './proc-stat.ts'

test('the name of a process may contain any character', () => {
  expect(procStatFields('7 (a ) b) S 1 7 7').slice(0, 2)).toEqual(['S', '1'])
})
