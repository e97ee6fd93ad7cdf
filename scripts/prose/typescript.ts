import { parseSync } from 'vite'

import { gap, mask } from './segment.ts'
import type { Segment } from './segment.ts'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

interface Comment {
  readonly start: number
  readonly end: number
  readonly type: 'Line' | 'Block'
}

/** Comments, strings, templates and the text between tags. Names, imports, types, keys and SQL are left out. */
export function readTypeScript(text: string, file: string): readonly Segment[] {
  const { program, comments, errors } = parseSync(file, text)
  if (errors.length > 0 && comments.length === 0 && program.body.length === 0) return []
  const found: Segment[] = [...readComments(text, comments)]
  visit(program as unknown as Node, text, found)
  return found
}

/** Line comments that follow each other are one text. */
function readComments(text: string, comments: readonly Comment[]): readonly Segment[] {
  const groups: { start: number; end: number }[] = []
  for (const { start, end, type } of comments) {
    const last = groups.at(-1)
    const isNext =
      type === 'Line' && last !== undefined && /^\n[ \t]*$/.test(text.slice(last.end, start))
    if (isNext && text.startsWith('//', last.start)) last.end = end
    else groups.push({ start, end })
  }
  return groups.map(({ start, end }) => ({
    start,
    text: comment(text.slice(start, end)),
    kind: 'comment',
  }))
}

function comment(text: string): string {
  const plain = mask(text, /^[ \t]*(?:\/\/+|\/\*+|\*+\/?)|\*+\/$/gm)
  return maskCode(mask(plain, /(?:oxlint|eslint)-disable[\w-]* \S+/g))
}

/** Names in backquotes, and what a doc comment links to. */
export function maskCode(text: string): string {
  return mask(mask(text, /`[^`\n]+`/g, gap), /\{@link[^}]*\}|https?:\/\/\S+/g, gap)
}

const unread = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSLiteralType',
  'TSImportType',
])

/** Attributes that no reader sees. */
const machineAttribute = /^(class|className|style|d|viewBox|points|transform|id|for|key|type|role)$/

const sql =
  /^\s*(select|insert|update|delete|create|alter|drop|with|begin|commit|rollback|set|truncate|lock|grant|revoke|listen|notify|copy|vacuum|explain|do)\b(?=[^a-z]*\b[\w*.]|\s*$)/i
const sqlSecond =
  /\b(from|into|set|table|index|as|where|values|database|role|user|transaction|schema|returning|constraint|on)\b/i

function isSql(value: string): boolean {
  return sql.test(value) && sqlSecond.test(value) && /[=*();]|\bfrom \w+\b.*\bwhere\b/i.test(value)
}

function visit(node: Node, text: string, found: Segment[]): void {
  if (unread.has(node.type)) return
  if (node.type === 'BinaryExpression' && node['operator'] === '+') {
    const sum = readSum(node, text, found)
    if (sum !== null) found.push(sum)
    return
  }
  const literal = readLiteral(node, text, found)
  if (literal !== null) {
    if (isProse(literal)) found.push(literal)
    return
  }
  if (
    node.type === 'JSXAttribute' &&
    machineAttribute.test((node['name'] as Node)['name'] as string)
  )
    return
  for (const [field, value] of Object.entries(node)) {
    if (isName(node, field)) continue
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) visit(child, text, found)
  }
}

/** Keys of objects, and what an export comes from. */
function isName(node: Node, field: string): boolean {
  if (field === 'key') return node['computed'] !== true
  return (
    field === 'source' ||
    field === 'directive' ||
    (field === 'property' && isStringLiteral(node[field]))
  )
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function isStringLiteral(value: unknown): value is Node {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string'
}

function readLiteral(node: Node, text: string, found: Segment[]): Segment | null {
  if (node.type === 'JSXText')
    return { start: node.start, text: text.slice(node.start, node.end), kind: 'string' }
  if (isStringLiteral(node))
    return {
      start: node.start,
      text: ` ${unescape(text.slice(node.start + 1, node.end - 1))} `,
      kind: 'string',
    }
  if (node.type !== 'TemplateLiteral') return null
  const expressions = node['expressions'] as readonly Node[]
  for (const expression of expressions) visit(expression, text, found)
  let masked = ''
  let at = node.start
  for (const quasi of node['quasis'] as readonly Node[]) {
    const before = text.slice(at, quasi.start)
    masked += at === node.start ? mask(before, /./gs) : mask(before, /./gs, gap)
    masked += unescape(text.slice(quasi.start, quasi.end))
    at = quasi.end
  }
  masked += mask(text.slice(at, node.end), /./gs)
  return { start: node.start, text: maskCode(masked), kind: 'string' }
}

/** 'one text ' + 'in two parts' is one text. */
function readSum(node: Node, text: string, found: Segment[]): Segment | null {
  let masked = ''
  let at = node.start
  const parts: Node[] = []
  const collect = (part: Node): void => {
    if (part.type === 'BinaryExpression' && part['operator'] === '+') {
      collect(part['left'] as Node)
      collect(part['right'] as Node)
    } else parts.push(part)
  }
  collect(node)
  for (const part of parts) {
    masked += mask(text.slice(at, part.start), /[^\n]/g)
    const literal = readLiteral(part, text, found)
    if (literal === null) visit(part, text, found)
    masked += literal?.text ?? mask(text.slice(part.start, part.end), /./gs, gap)
    at = part.end
  }
  masked += mask(text.slice(at, node.end), /./gs)
  const sum: Segment = { start: node.start, text: masked, kind: 'string' }
  return isProse(sum) ? sum : null
}

/** Two words at least, and no statement of a database. */
function isProse({ text }: Segment): boolean {
  return /\p{L}[\p{L}'’]*[,;:]?\s+\p{L}|\uFFFC\s+\p{L}|\p{L}\s+\uFFFC/u.test(text) && !isSql(text)
}

function unescape(text: string): string {
  return mask(text, /\\(?:[nrt0]|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|.)/g)
}
