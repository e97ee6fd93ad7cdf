import { gap, mask, maskNames } from './segment.ts'
import type { Segment } from './segment.ts'

/** A node of the tree that the parser returns (ESTree). */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** A segment, and the nodes in it that are not read yet. */
export type Found = Segment & { readonly read: readonly SyntaxNode[] }

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

export function isString(value: unknown): boolean {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string'
}

/** The nodes in a field of a node. */
export function nodesIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return [node[field]].flat().filter(isNode)
}

/** A string, or a template with a gap for each of its values. */
export function readLiteral(node: SyntaxNode, text: string): Found | null {
  const { start, end } = node
  if (isString(node)) {
    const inside = unescape(text.slice(start + 1, end - 1))
    return { start, text: ` ${inside} `, kind: 'string', read: [] }
  }
  if (node.type !== 'TemplateLiteral') return null
  const values = nodesIn(node, 'expressions')
  let masked = ''
  let at = start
  for (const part of partsOfTemplate(node)) {
    masked += mask(text.slice(at, part.start), /./gs, at === start ? ' ' : gap)
    masked += unescape(text.slice(part.start, part.end))
    at = part.end
  }
  return { start, text: maskNames(`${masked} `), kind: 'string', read: values }
}

/** The texts between the values. For `.ts` the parser includes the marks around them; for `.js` it does not. */
function partsOfTemplate(node: SyntaxNode): readonly { start: number; end: number }[] {
  const quasis = nodesIn(node, 'quasis')
  if (quasis[0]?.start !== node.start) return quasis
  return quasis.map(({ start, end }, i) => ({
    start: start + 1,
    end: end - (i === quasis.length - 1 ? '`' : '${').length,
  }))
}

/** `'one text ' + 'in two parts'` is one text. */
export function readSum(node: SyntaxNode, text: string): Found | null {
  if (!isSum(node)) return null
  const parts = partsOf(node)
  const found = parts.map((part) => readLiteral(part, text))
  if (found.every((one) => one === null)) return null
  const masked = parts.map(({ start, end }, i) => {
    const between = text.slice(parts[i - 1]?.end ?? node.start, start)
    return mask(between, /./g) + (found[i]?.text ?? mask(text.slice(start, end), /./g, gap))
  })
  const read = parts.flatMap((part, i) => found[i]?.read ?? [part])
  return { start: node.start, text: masked.join(''), kind: 'string', read }
}

function isSum(node: SyntaxNode): boolean {
  return node.type === 'BinaryExpression' && node['operator'] === '+'
}

function partsOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (!isSum(node)) return [node]
  return [...nodesIn(node, 'left'), ...nodesIn(node, 'right')].flatMap(partsOf)
}

/** A line break in a string is a space of the text. */
function unescape(text: string): string {
  return mask(text, /\\(?:u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|.)/g)
}
