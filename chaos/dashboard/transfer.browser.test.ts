import { writeFile } from 'node:fs/promises'

import { describe, expect, test } from 'vitest'

import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'
import { serveLab } from './testing/served-lab.ts'

const fix = '.catch('

describe.skipIf(skipWithoutBrowser)(
  'the question about unfamiliar code (skipped without Chromium)',
  () => {
    test('it comes when the code holds, is answered once, and shows on the path of labs', async () => {
      await using served = await serveLab(labZero, fix)
      await served.call('POST', 'labs/lab-zero/start')
      await served.call('POST', 'labs/lab-zero/prediction', { answer: 2, confidence: 90 })
      const page = await served.open('labs/lab-zero')
      await page.getByRole('tab', { name: 'Check' }).click()
      await page.getByTestId('check').waitFor()
      expect(await page.getByTestId('transfer').count()).toBe(0)
      await writeFile(served.file, `// ${fix}\n`)
      await served.call('POST', 'labs/lab-zero/check', {})

      const path = await served.open('labs')
      expect(await path.getByTestId('due').textContent()).toContain('Lab zero')
      expect(await path.getByTestId('evidence').textContent()).toContain('1 of 1 predictions')
      expect(await pageViolations(path)).toEqual([])

      await page.reload()
      await page.getByRole('tab', { name: 'Check' }).click()
      const question = page.getByTestId('question-now')
      await question.waitFor()
      expect(await page.getByTestId('answer-transfer').isDisabled()).toBe(true)
      await question.locator('[data-choice=counter-decides]').check()
      await question.locator('[data-message="2"]').check()
      expect(await pageViolations(page)).toEqual([])
      await page.getByTestId('answer-transfer').click()
      const answered = page.getByTestId('answered-now')
      await answered.waitFor()
      expect(await answered.textContent()).toContain('✓ right')
      await page.getByTestId('transfer-waits').waitFor()
      expect(await page.getByTestId('question-now').count()).toBe(0)
      expect(await pageViolations(page)).toEqual([])
    })
  },
)
