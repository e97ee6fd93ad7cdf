import type { Page } from 'playwright-core'

import type { PageElement, PageRoot } from './page-element.ts'

/** Where the focus of the keyboard is. */
export interface Focus {
  /** In the editor, Tab indents. */
  readonly inEditor: boolean
  /** The document has it: a screen reader reads nothing. */
  readonly isLost: boolean
  /** Why a user does not see where the focus is. */
  readonly problem: string | null
}

export async function focusOf(page: Page): Promise<Focus> {
  return await page.locator('html').evaluate(find)
}

/** Runs in the page: it uses nothing from outside. */
function find(html: PageElement): Focus {
  const focused = html.ownerDocument.activeElement
  return {
    inEditor: focused?.getAttribute('class')?.includes('code-host') === true,
    isLost: focused === null || focused === html.ownerDocument.body,
    problem: problem(),
  }

  function problem(): string | null {
    const { activeElement, body, defaultView } = html.ownerDocument
    const { innerWidth, innerHeight } = defaultView
    let node = activeElement
    while (node?.shadowRoot?.activeElement != null) node = node.shadowRoot.activeElement
    if (node === null || node === body) return null
    const nameOf = (element: PageElement): string =>
      `<${element.localName} class="${element.getAttribute('class') ?? ''}">`
    const words = node.getAttribute('aria-label') ?? node.textContent ?? ''
    const name = `${nameOf(node)} ${words.trim().slice(0, 40)}`
    const { left, right, top, bottom } = node.getBoundingClientRect()
    if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight)
      return `the focus is outside of the window: ${name}`
    // Texts of the picture are drawn over its shapes.
    const isShape = node.namespaceURI?.endsWith('/svg') === true
    const hit = (node.getRootNode() as PageRoot).elementFromPoint(
      (Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
      (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2,
    )
    if (hit !== null && !isShape && !node.contains(hit) && !hit.contains(node))
      return `${nameOf(hit)} covers the focus: ${name}`
    const isMarked = (element: PageElement): boolean => {
      const { outlineStyle, outlineWidth } = defaultView.getComputedStyle(element)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
    }
    let at: PageElement | null = node
    while (at !== null && !isMarked(at)) at = at.parentNode?.host ?? at.parentElement
    return at === null && !isShape ? `nothing marks the focus: ${name}` : null
  }
}
