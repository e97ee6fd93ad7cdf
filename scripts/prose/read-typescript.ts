import { parseSync } from 'vite'

import { readJsx } from './read-jsx.ts'
import { mask, maskNames } from './segment.ts'
import type { Segment } from './segment.ts'
import { isNode, isString, readLiteral, readSum } from './syntax.ts'
import type { SyntaxNode } from './syntax.ts'

type Comment = ReturnType<typeof parseSync>['comments'][number]

/** Comments, strings, templates and JSX text. Names, imports, types and SQL are left out. */
export function readTypeScript(text: string, file: string): readonly Segment[] {
  const { program, comments, errors } = parseSync(file, text)
  const [error] = errors
  if (error !== undefined) throw new Error(`${file}: ${error.message}`)
  const strings: Segment[] = []
  readNode(program as unknown as SyntaxNode, text, strings)
  return [...readComments(text, comments), ...strings.filter(isProse)]
}

/** Consecutive line comments are one text. */
function readComments(text: string, comments: readonly Comment[]): readonly Segment[] {
  const groups: { type: Comment['type']; start: number; end: number }[] = []
  for (const { type, start, end } of comments) {
    const last = groups.at(-1)
    const continues =
      last?.type === 'Line' && type === 'Line' && /^\s*$/.test(text.slice(last.end, start))
    if (continues && last !== undefined) last.end = end
    else groups.push({ type, start, end })
  }
  return groups.map(({ start, end }) => {
    const marks = /^[ \t]*(?:\/\/+|\/\*+|\*+(?!\/))|\*+\/$|(?:oxlint|eslint)-disable[\w-]* \S+/gm
    return { start, text: maskNames(mask(text.slice(start, end), marks)), kind: 'comment' }
  })
}

const unread = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSLiteralType',
  'TSImportType',
])

/** Attributes that the page does not show. */
const machineAttribute =
  /^(class|className|style|d|viewBox|points|transform|id|for|htmlFor|key|type|role|href|src)$/

/** Adds the texts of the node and of the nodes in it. It fills one list, because a project has a million nodes. */
function readNode(node: SyntaxNode, text: string, found: Segment[]): void {
  if (unread.has(node.type)) return
  const segment = readSum(node, text) ?? readLiteral(node, text) ?? readJsx(node, text)
  if (segment !== null) {
    const { read, ...whole } = segment
    found.push(whole)
    for (const inner of read) readNode(inner, text, found)
    return
  }
  for (const field of Object.keys(node)) {
    const value = node[field]
    if (typeof value !== 'object' || value === null || isName(node, field)) continue
    if (!Array.isArray(value)) {
      if (isNode(value)) readNode(value, text, found)
      continue
    }
    for (const inner of value) if (isNode(inner)) readNode(inner, text, found)
  }
}

/** Whether a field is a name: a module, a property, or the value of an attribute that the page does not show. */
function isName(node: SyntaxNode, field: string): boolean {
  if (field === 'source' || field === 'directive') return true
  if (field === 'property') return isString(node[field])
  const name = isNode(node['name']) ? node['name']['name'] : ''
  return node.type === 'JSXAttribute' && field === 'value' && machineAttribute.test(String(name))
}

const statement =
  /^\s*(?:--|select|insert into|update|delete from|create|alter|drop|with|begin|commit|rollback|set|truncate|lock|grant|revoke|listen|notify|copy|vacuum|explain)\b/i
const clause = /[=*();]|\b(?:from|into|set|table|where|values|as|on) \S+/i
const sentence = /[.!?]\s|[.!?]\s*$|'\w* |\b(?:is|are|was|were|the|a|an)\b/

/** Whether a text has at least two words and is not SQL. */
function isProse({ text }: Segment): boolean {
  const hasWords =
    /[\p{L}\uFFFC][,;:.]?['")]?\s+['"(]?[\p{L}\uFFFC]/u.test(text) && /\p{L}/u.test(text)
  return hasWords && !(statement.test(text) && clause.test(text) && !sentence.test(text))
}
