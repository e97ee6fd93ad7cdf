import { mask } from './segment.ts'
import type { Segment } from './segment.ts'
import { maskCode } from './typescript.ts'

/** Shell and Dockerfile: comments, and what is printed. */
export function readShell(text: string): readonly Segment[] {
  return [
    ...blocks(text, /^[ \t]*#(?!!).*(?:\n[ \t]*#.*)*|(?<=[ \t])#[ \t].*$/gm, /^[ \t]*#+/gm),
    ...blocks(text, /(["'])[^"'\n]*\s[^"'\n]*\1/g, /^["']|["']$/g, 'string'),
  ]
}

/** SQL: comments. */
export function readSql(text: string): readonly Segment[] {
  return [
    ...blocks(text, /--.*(?:\n[ \t]*--.*)*/g, /^[ \t]*--+|--+/gm),
    ...blocks(text, /\/\*[\s\S]*?\*\//g, /\/\*|\*\/|^[ \t]*\*/gm),
  ]
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

/** Everything is text. */
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
    text: maskCode(mask(match[0], punctuation)),
    kind,
  }))
}
