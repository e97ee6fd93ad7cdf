import path from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { pageViolations } from './testing/page-state.ts'

const url = pathToFileURL(path.join(projectRoot, 'docs/explore.html')).href

describe.skipIf(skipWithoutBrowser)('explorable page (skipped without Chromium)', () => {
  let browser: Browser

  const open = async (width: number, colorScheme: 'light' | 'dark'): Promise<Page> => {
    const page = await browser.newPage({
      viewport: { width, height: 844 },
      colorScheme,
      reducedMotion: 'reduce',
    })
    await page.goto(url)
    return page
  }
  /** Tab until this element has the focus, then press the key. */
  const reach = async (page: Page, selector: string): Promise<void> => {
    const isReached = async (): Promise<boolean> =>
      page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`)
    for (let i = 0; i < 60 && !(await isReached()); i++) await page.keyboard.press('Tab')
    expect(await isReached()).toBe(true)
  }

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  test('with the keyboard: a guess, a lost order, three predictions, three versions; nothing is loaded', async () => {
    const page = await open(1280, 'light')
    const requests: string[] = []
    const errors: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.reload()

    await reach(page, '[data-guess]')
    await page.keyboard.press('Enter')
    const lost = await page.locator('.dots .lost').count()
    expect(lost).toBeGreaterThan(10)
    expect(await page.locator('#run-answer').textContent()).toContain(`${lost} of `)

    const explanation = page.locator('#explanation')
    expect(await explanation.isVisible()).toBe(false)
    expect(await page.locator('#followed .label:not(.future)').count()).toBe(0)
    await reach(page, '#moment')
    await page.keyboard.press('End')
    expect(await explanation.isVisible()).toBe(true)
    expect(await page.locator('#followed .future').count()).toBe(0)
    expect(await page.locator('.holds .wrong').count()).toBe(2)
    expect(await page.locator('#followed .heads svg').isVisible()).toBe(true)
    await page.keyboard.press('Home')
    expect(await page.locator('.holds .wrong').count()).toBe(0)

    for (const question of [0, 1, 2]) {
      await reach(page, `[data-question="${question}"] [data-answer="lost"]`)
      await page.keyboard.press('Enter')
    }
    const guesses = await page.locator('fieldset .guess').allTextContents()
    expect(guesses.map((text) => text.slice(0, 1))).toEqual(['✕', '✓', '✕'])
    expect(await page.locator('[data-cell].red').count()).toBeGreaterThan(3)
    expect(await page.locator('[data-cell]:disabled').count()).toBe(0)

    expect(await page.locator('#show-all').isVisible()).toBe(false)

    await reach(page, '[data-cell][tabindex="0"]')
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    expect(await page.locator('#cell .story-head').textContent()).toMatch(/^(ok|LOST|retried)/)

    await reach(page, '[data-version="2"][data-fault="1"]')
    await page.keyboard.press('Enter')
    expect(await page.locator('#compared .flow-diagram').count()).toBe(1)
    expect(await page.locator('[data-switch="2"]').getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('[data-code="2"]').isVisible()).toBe(true)
    expect(await page.locator('[data-code="0"]').isVisible()).toBe(false)
    expect(requests).toEqual([url])
    expect(errors).toEqual([])
    await page.close()
  })

  test.each([1280, 390])(
    'at %d px the diagram of a prediction stays in its card, and a story is in view',
    async (width) => {
      const page = await open(width, 'light')
      await page.locator('[data-question="0"] [data-answer="lost"]').click()
      await page.locator('[data-question="0"] summary').click()
      const diagram = await page.locator('[data-question="0"] .diagram').boundingBox()
      const card = await page.locator('[data-question="0"]').boundingBox()
      expect(diagram?.width).toBeLessThan(card?.width ?? 0)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      const isWhole = `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('[data-question="0"] .diagram'))`
      // A phone scrolls in the card.
      expect(await page.evaluate(isWhole)).toBe(width === 1280)
      await page.locator('#show-all').click()
      for (const cell of [
        page.locator('[data-cell].red').first(),
        page.locator('[data-cell]').last(),
      ]) {
        await cell.click()
        const story = await page.locator('#cell').boundingBox()
        expect(story?.y).toBeGreaterThanOrEqual(0)
        expect((story?.y ?? 0) + (story?.height ?? 0)).toBeLessThanOrEqual(845)
      }
      await page.close()
    },
  )

  test.each([
    [390, 'dark', 'light'],
    [1920, 'light', 'dark'],
  ] as const)(
    'at %d px nothing overflows, and axe finds nothing (%s)',
    async (width, theme, other) => {
      const page = await open(width, theme)
      await page.locator('[data-guess]').first().click()
      await page.locator('#show-all').click()
      await page.locator('[data-cell].red').first().click()
      await page.locator('#cell summary').click()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(await pageViolations(page)).toEqual([])
      const ground = async (): Promise<unknown> =>
        page.evaluate('getComputedStyle(document.body).backgroundColor')
      const before = await ground()
      await page.emulateMedia({ colorScheme: other })
      expect(await ground()).not.toBe(before)
      await page.close()
    },
  )
})
