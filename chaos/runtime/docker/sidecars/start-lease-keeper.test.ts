import { existsSync } from 'node:fs'

import { expect, it } from 'vitest'

import { keeperProgram } from './start-lease-keeper.ts'

it('starts a program that is in the checkout, and so in the image', () => {
  expect(keeperProgram).toMatch(/^chaos\//)
  expect(existsSync(new URL(`../../../../${keeperProgram}`, import.meta.url))).toBe(true)
})
