import type { LabSectionId } from '#chaos/contracts/api.ts'

/** The sections of a lab's README, in their order. The audit of the labs checks that each README has them. */
export const sectionIds: readonly LabSectionId[] = [
  'story',
  'goal',
  'predict',
  'run',
  'look',
  'explain',
  'fix',
  'check',
]

export interface Readme {
  /** What is before the first section: title, track and time. */
  readonly intro: string
  readonly sections: readonly ReadmeSection[]
}

export interface ReadmeSection {
  readonly id: LabSectionId
  /** `Run` */
  readonly title: string
  /** Without the heading. */
  readonly markdown: string
}

/** Splits a README at its headings of the second level. A heading that is not of a known section belongs to the one before. */
export function splitReadme(text: string): Readme {
  const parts: { title: string; id: LabSectionId | undefined; lines: string[] }[] = [
    { title: '', id: undefined, lines: [] },
  ]
  let fence: string | undefined
  for (const line of text.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence === undefined) fence = mark
    else if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined
    const title = fence === undefined ? /^## (.+?)\s*$/.exec(line)?.[1] : undefined
    const id = sectionIds.find((known) => known === title?.toLowerCase())
    if (title !== undefined && id !== undefined) parts.push({ title, id, lines: [] })
    else parts.at(-1)?.lines.push(line)
  }
  return {
    intro: parts[0]?.lines.join('\n').trim() ?? '',
    sections: parts.flatMap(({ id, title, lines }) =>
      id === undefined ? [] : [{ id, title, markdown: lines.join('\n').trim() }],
    ),
  }
}

/** The README with these sections only. */
export function joinReadme({ intro, sections }: Readme): string {
  const parts = sections.map(({ title, markdown }) => `## ${title}\n\n${markdown}`)
  return `${[intro, ...parts].join('\n\n').trim()}\n`
}
