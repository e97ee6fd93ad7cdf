import { gap, mask } from './segment.ts'
import { isString, nodesIn } from './syntax.ts'
import type { Found, SyntaxNode } from './syntax.ts'

/** Elements that can be part of a sentence. */
const inline = new Set(['a', 'b', 'em', 'i', 'kbd', 'small', 'span', 'strong'])

/** The text of an element, with the text of its inline elements. */
export function readJsx(node: SyntaxNode, text: string): Found | null {
  if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return null
  const children = nodesIn(node, 'children')
  const [first, last] = [children[0], children.at(-1)]
  if (first === undefined || last === undefined) return null
  const parts = children.map((child) => readChild(child, text))
  return {
    start: first.start,
    text: parts.map((part) => part.text).join(''),
    kind: 'string',
    read: [...nodesIn(node, 'openingElement'), ...parts.flatMap((part) => part.read)],
  }
}

function readChild(child: SyntaxNode, text: string): Pick<Found, 'text' | 'read'> {
  const { type, start, end } = child
  const source = text.slice(start, end)
  if (type === 'JSXText') return { text: source, read: [] }
  if (type === 'JSXExpressionContainer') {
    const isSpace = nodesIn(child, 'expression').some(isString)
    return { text: mask(source, /./g, isSpace ? ' ' : gap), read: nodesIn(child, 'expression') }
  }
  const [opening] = nodesIn(child, 'openingElement')
  const name = String(opening === undefined ? '' : nodesIn(opening, 'name')[0]?.['name'])
  const found = inline.has(name) ? readJsx(child, text) : null
  if (found === null)
    return { text: mask(source, /./g, inline.has(name) ? ' ' : gap), read: [child] }
  const before = mask(text.slice(start, found.start), /./g)
  const after = mask(text.slice(found.start + found.text.length, end), /./g)
  return { text: before + found.text + after, read: found.read }
}
