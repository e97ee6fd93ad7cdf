import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

export interface Page {
  /** Relative to the project's folder, with `/`. */
  readonly file: string
  readonly text: string
}

const foreign = new Set(['node_modules', 'dist'])
const folders = '{bench,chaos,docs,labs,scripts,services,.github,.devcontainer}'

/** Every Markdown file of the project. */
export function pages(): readonly Page[] {
  return globSync(['*.md', `${folders}/**/*.md`], {
    cwd: projectRoot,
    exclude: (name) => foreign.has(path.basename(name)),
  })
    .toSorted()
    .map((file) => ({
      file: file.split(path.sep).join('/'),
      text: readFileSync(path.join(projectRoot, file), 'utf8'),
    }))
}

/** The text without its fenced blocks. */
export function prose(text: string): string {
  return text.replaceAll(/^(```|~~~)[^\n]*\n[\s\S]*?^\1$/gm, '')
}

/** The anchors of a page's headings, in GitHub's form: lower case, `-` for a space, a number for a repeated heading. */
export function anchors(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const found = [...prose(text).matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = '']) => {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  return new Set(found)
}
