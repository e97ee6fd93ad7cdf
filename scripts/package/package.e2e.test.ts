import { expect, test } from 'vitest'

import { linkBuiltPackage } from './testing/installed-package.ts'
import { nothingLeft, walkLabZero } from './testing/walk-lab-zero.ts'

test('lab zero works from the built package, from `up` to `down`', async () => {
  await using installed = await linkBuiltPackage()
  expect(await walkLabZero(installed)).toEqual(nothingLeft)
}, 240_000)
