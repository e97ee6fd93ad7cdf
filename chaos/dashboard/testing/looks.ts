import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Page } from 'playwright-core'

import { pageViolations } from './page-state.ts'

/** Every layout of a page. axe judges the narrowest and the widest, one in each theme. */
const looks = [
  { width: 390, height: 844, theme: 'dark', judged: true },
  { width: 768, height: 1024, theme: 'light', judged: false },
  { width: 1024, height: 768, theme: 'dark', judged: false },
  { width: 1600, height: 1000, theme: 'dark', judged: false },
  { width: 1920, height: 1080, theme: 'light', judged: true },
] as const

/** A folder for pictures, for looking at them. Absent: no pictures. */
const pictures = process.env['UNHAPPY_PICTURES']

/**
 * What is wrong with a page at any size: it is wider than the window, or axe finds a serious violation. `show` runs at each size,
 * before the page is judged.
 */
export async function problemsOfLooks(
  page: Page,
  state: string,
  show: () => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const before = page.viewportSize()
  const problems: string[] = []
  for (const look of looks) {
    await page.setViewportSize(look)
    problems.push(...(await problemsOf(page, state, { ...look, show })))
  }
  if (before !== null) await page.setViewportSize(before)
  return problems
}

/** The same at the page's own size, in both themes. */
export async function problemsOfThemes(page: Page, state: string): Promise<readonly string[]> {
  const problems: string[] = []
  for (const theme of ['light', 'dark'] as const)
    problems.push(...(await problemsOf(page, state, { theme, judged: true })))
  return problems
}

interface Look {
  readonly theme: 'light' | 'dark'
  /** Whether axe judges it. */
  readonly judged: boolean
  readonly show?: () => Promise<void>
}

async function problemsOf(
  page: Page,
  state: string,
  { theme, judged, show }: Look,
): Promise<readonly string[]> {
  const html = page.locator('html')
  await html.evaluate((element, name) => element.setAttribute('data-theme', name), theme)
  await nextFrames(page)
  await show?.()
  const width = page.viewportSize()?.width ?? 0
  const overflow = await html.evaluate((root) => root.scrollWidth - root.clientWidth)
  const found = [
    ...(overflow > 0 ? [`${overflow} pixels too wide`] : []),
    ...(judged ? await pageViolations(page) : []),
  ]
  if (pictures !== undefined) {
    await mkdir(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, `${state}-${width}-${theme}.png`) })
  }
  return found.map((problem) => `${state}, ${width} ${theme}: ${problem}`)
}

/** The page has drawn the layout of its new size. The source is text, because it runs in the page. */
async function nextFrames(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  )
}
