import { expect, test } from 'vitest'

import { readmeToxics, toxicsMarkdown } from './toxics-markdown.ts'

test('the README lists the toxics as they are; else run node chaos/proxy/toxics-markdown.ts', async () => {
  expect(await readmeToxics()).toBe(toxicsMarkdown())
})
