import { mask, maskNames } from './segment.ts'
import type { Segment } from './segment.ts'

/** Shell and Dockerfile: comments and printed text. */
export function readShell(text: string): readonly Segment[] {
  const comments = /^[ \t]*#(?!!).*(?:\n[ \t]*#.*)*|(?<=[ \t])#[ \t].*$/gm
  const printed = /(?<=\b(?:echo|printf|step|fail|LABEL)\b[^'"\n]*)(?:"[^"\n]*"|'[^'\n]*')/g
  return [
    ...blocks(text, comments, /^[ \t]*#+/gm),
    ...blocks(text, printed, /^["']|["']$|\\[nrt]/g, 'string'),
  ]
}

/** SQL: comments. */
export function readSql(text: string): readonly Segment[] {
  return [
    ...blocks(text, /--.*(?:\n[ \t]*--.*)*/g, /^[ \t]*--+|--+/gm),
    ...blocks(text, /\/\*[\s\S]*?\*\//g, /\/\*|\*\/|^[ \t]*\*/gm),
  ]
}

/** TypeScript that does not parse: comments. */
export function readScriptPiece(text: string): readonly Segment[] {
  return blocks(text, /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/gm, /\/\*+|\*+\/|^[ \t]*(?:\*|\/\/)/gm)
}

/** CSS: comments. */
export function readCss(text: string): readonly Segment[] {
  return blocks(text, /\/\*[\s\S]*?\*\//g, /\/\*|\*\/|^[ \t]*\*/gm)
}

/** HTML: text and comments. */
export function readHtml(text: string): readonly Segment[] {
  return blocks(text, />[^<]+</g, /[<>]/g, 'string')
}

/** JSON: values of two or more words. */
export function readJson(text: string): readonly Segment[] {
  return blocks(
    text,
    /"(?:[^"\\\n]|\\.)*\s(?:[^"\\\n]|\\.)*"(?!\s*:)/g,
    /^"|"$|\\[nrt"\\]/g,
    'string',
  )
}

/** Text without a language: all of it. */
export function readText(text: string): readonly Segment[] {
  return blocks(text, /\S[\s\S]*?(?=\n\s*\n|\s*$(?![\s\S]))/g, /[│─├└┬▶◀┤┼]/g, 'code')
}

function blocks(
  text: string,
  pattern: RegExp,
  punctuation: RegExp,
  kind: Segment['kind'] = 'comment',
): readonly Segment[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    text: maskNames(mask(match[0], punctuation)),
    kind,
  }))
}
