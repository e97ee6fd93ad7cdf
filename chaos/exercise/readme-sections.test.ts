import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { labs } from '#labs/index.ts'

import { labFolder } from './folders.ts'
import { joinReadme, sectionIds, splitReadme } from './readme-sections.ts'

test.for(labs.map((lab) => [lab.id, lab] as const))(
  'the README of %s has every section, in order, and splits without a loss',
  async ([, lab]) => {
    const text = await readFile(join(labFolder(lab), 'README.md'), 'utf8')
    const readme = splitReadme(text)
    expect(readme.sections.map(({ id }) => id)).toEqual(sectionIds)
    expect(joinReadme(readme)).toBe(text)
  },
)

test('a heading in a code block, and an unknown heading, are part of the section', () => {
  const text = '# A\n\n## Story\n\n```\n## Run\n```\n\n## Aside\n\nmore\n\n## Goal\n\nb\n'
  const { intro, sections } = splitReadme(text)
  expect(intro).toBe('# A')
  expect(sections.map(({ id }) => id)).toEqual(['story', 'goal'])
  expect(sections[0]?.markdown).toContain('## Run')
  expect(sections[0]?.markdown).toContain('## Aside')
  expect(joinReadme({ intro, sections: [] })).toBe('# A\n')
})
