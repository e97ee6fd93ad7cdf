// These functions run in the page, so they use nothing from outside.
import type { PageElement, PageRoot } from './page-element.ts'

export type MouseStep =
  /** The middle can be clicked. */
  | {
      readonly kind: 'visible'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly name: string
    }
  /** The pointer must be here while the wheel turns. */
  | { readonly kind: 'wheel'; readonly x: number; readonly y: number; readonly deltaY: number }
  | { readonly kind: 'never'; readonly why: string }

/** What the mouse does next to reach the middle of an element. */
export function nextStep(node: PageElement): MouseStep {
  const { body, documentElement, defaultView } = node.ownerDocument
  const { innerWidth, innerHeight } = defaultView
  const nameOf = (element: PageElement): string =>
    `<${element.localName} class="${element.getAttribute('class') ?? ''}">`
  const { left, top, width, height } = node.getBoundingClientRect()
  const [x, y] = [left + width / 2, top + height / 2]
  const around: PageElement[] = []
  let outer: PageElement | null = node
  while (outer !== null) {
    outer = outer.parentNode?.host ?? outer.parentElement
    if (outer !== null) around.unshift(outer)
  }
  // From the outside to the inside: the wheel turns in the inner one only when that is visible.
  let hidden = ''
  for (const box of around) {
    const isPage = box === documentElement
    const { overflowY } = defaultView.getComputedStyle(box)
    if (box === body || (!isPage && overflowY === 'visible')) continue
    const rect = box.getBoundingClientRect()
    const from = isPage ? 0 : Math.max(0, rect.top)
    const to = isPage ? innerHeight : Math.min(innerHeight, rect.bottom)
    if (y > from && y < to) continue
    const deltaY = Math.round((y - (from + to) / 2) * 0.8) || 1
    const most = box.scrollHeight - box.clientHeight
    const canScroll = isPage || overflowY === 'auto' || overflowY === 'scroll'
    const atEnd = deltaY < 0 ? box.scrollTop <= 0 : box.scrollTop >= most - 1
    if (!canScroll || atEnd) {
      // What is inside can still scroll it into view.
      hidden = `${nameOf(box)} ${canScroll ? 'ends before it' : 'hides it'}`
      continue
    }
    const [fromX, toX] = isPage ? [0, innerWidth] : [rect.left, Math.min(innerWidth, rect.right)]
    return { kind: 'wheel', x: (Math.max(0, fromX) + toX) / 2, y: (from + to) / 2, deltaY }
  }
  if (hidden !== '') return { kind: 'never', why: hidden }
  const hit = (node.getRootNode() as PageRoot).elementFromPoint(x, y)
  if (!node.contains(hit))
    return { kind: 'never', why: `${hit === null ? 'nothing' : nameOf(hit)} is in its place` }
  const name = `${nameOf(node)} ${(node.textContent ?? '').trim().slice(0, 40)}`
  return { kind: 'visible', x, y, width, height, name }
}

export interface LineSpan {
  readonly from: { readonly x: number; readonly y: number }
  readonly to: { readonly x: number; readonly y: number }
}

/** Where a part of a line begins and ends, as a user drags over it. */
export function lineSpan(line: PageElement, part: string): LineSpan {
  const { ownerDocument } = line
  const showText = 4
  const start = (line.textContent ?? '').indexOf(part)
  return { from: placeOf(start), to: placeOf(start + part.length) }

  /** The left edge of the character with this number, or the end of the line. */
  function placeOf(offset: number): { x: number; y: number } {
    const texts = ownerDocument.createTreeWalker(line, showText)
    let left = offset
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const length = text.textContent?.length ?? 0
      if (left <= length) {
        const range = ownerDocument.createRange()
        range.setStart(text, left)
        range.setEnd(text, left)
        const { left: x, top, height } = range.getBoundingClientRect()
        return { x, y: top + height / 2 }
      }
      left -= length
    }
    throw new Error(`The line has fewer than ${offset} characters.`)
  }
}
