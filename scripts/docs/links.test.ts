import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { projectRoot } from '#chaos/home/home.ts'

import { anchors, pages, prose } from './pages.ts'

/** The targets of a page's links that stay inside the project. */
function targets(text: string): readonly string[] {
  const withoutCode = prose(text).replaceAll(/`[^`\n]+`/g, '')
  const links = [
    ...withoutCode.matchAll(/\]\(<?([^)>\s]+)>?(?: "[^"]*")?\)|(?:src|href)="([^"]+)"/g),
  ]
  return links
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((link) => !/^(https?|mailto):/.test(link))
}

/** What is wrong with a link. Empty if its target exists. */
function problemOf(file: string, link: string): readonly string[] {
  const [to = '', anchor] = decodeURI(link).split('#')
  const target = to === '' ? file : path.join(path.dirname(file), to)
  const absolute = path.join(projectRoot, target)
  if (!existsSync(absolute)) return [`${link}: no such file`]
  if (anchor === undefined) return []
  if (!target.endsWith('.md')) return [`${link}: only pages have headings`]
  const known = anchors(readFileSync(absolute, 'utf8'))
  return known.has(anchor) ? [] : [`${link}: no such heading`]
}

test.each(pages())('every link of $file has a target', ({ file, text }) => {
  expect(targets(text).flatMap((link) => problemOf(file, link))).toEqual([])
})

test('a missing file and a missing heading are found', () => {
  expect(problemOf('README.md', 'docs/nowhere.md')).toEqual(['docs/nowhere.md: no such file'])
  expect(problemOf('README.md', 'docs/docker.md#nowhere')).toHaveLength(1)
  expect(problemOf('docs/docker.md', '#ports')).toEqual([])
})
