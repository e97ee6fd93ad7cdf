import path from 'node:path'

import { readMarkdown } from './read-markdown.ts'
import {
  readCss,
  readHtml,
  readJson,
  readScriptPiece,
  readShell,
  readSql,
  readText,
} from './read-text.ts'
import { readTypeScript } from './read-typescript.ts'
import { readYaml } from './read-yaml.ts'
import type { Segment } from './segment.ts'

type Reader = (text: string, file: string) => readonly Segment[]

const readers: Readonly<Record<string, Reader>> = {
  ts: readTypeScript,
  tsx: readTypeScript,
  js: readTypeScript,
  mjs: readTypeScript,
  yaml: readYaml,
  yml: readYaml,
  sh: readShell,
  dockerfile: readShell,
  sql: readSql,
  css: readCss,
  html: readHtml,
  json: readJson,
  md: (text) => readMarkdown(text, readFence),
}

/** Languages of fences whose names differ from file extensions. */
const synonyms: Readonly<Record<string, string>> = {
  typescript: 'ts',
  javascript: 'js',
  bash: 'sh',
  shell: 'sh',
}

/** A fence without a language shows commands and their output. */
function readFence(text: string, language: string): readonly Segment[] {
  const ending = synonyms[language] ?? language
  const reader = readers[ending]
  try {
    return reader === undefined ? readText(text) : reader(text, `fence.${ending}`)
  } catch {
    // A fence can show part of a file, which does not parse.
    return readScriptPiece(text)
  }
}

/** The reader for a file. Undefined for a kind of file without text. */
export function readerOf(file: string, text: string): Reader | undefined {
  const name = path.basename(file).toLowerCase()
  if (text.startsWith('#!') && !name.includes('.')) return readShell
  if (name === 'dockerfile' || /^\.(git|docker)ignore$/.test(name)) return readShell
  return readers[path.extname(name).slice(1)]
}
