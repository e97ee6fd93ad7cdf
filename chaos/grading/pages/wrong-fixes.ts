import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Lab } from '#chaos/contracts/lab.ts'
import { labFolder } from '#chaos/exercise/folders.ts'

import { violatedChecks } from '../grade.ts'
import type { Grade, GradedLab } from '../grade.ts'
import type { HandedInLab } from '../hand-in.ts'

/** Wrong fixes of one lab that the same checks found. */
export interface WrongFixes {
  readonly lab: Lab
  /** Titles of the checks that found them. Empty: the code could not be judged. */
  readonly checks: readonly { readonly name: string; readonly title: string }[]
  /** What the first of them did, in one line. */
  readonly example: string
  readonly learners: readonly string[]
  /** The lab's own code that is the same as one of these, without comments and blanks: `near-misses/look-first`. */
  readonly sameAs: readonly string[]
  /** The lab's near misses that must fail one of these checks. */
  readonly near: readonly { readonly name: string; readonly because: string }[]
}

export interface GradedCode {
  readonly graded: GradedLab
  readonly lab: Lab
  readonly handedIn: HandedInLab
}

/** Groups what is violated or broken by its lab and by what found it. Labs in their sequence, large groups first. */
export async function wrongFixesOf(all: readonly GradedCode[]): Promise<readonly WrongFixes[]> {
  const groups = Map.groupBy(
    all.filter(({ graded }) => ['violated', 'broken'].includes(graded.grade.outcome)),
    ({ lab, graded }) => JSON.stringify([lab.id, foundBy(graded.grade)]),
  )
  const known = new Map<Lab, Map<string, string>>()
  const result: WrongFixes[] = []
  for (const members of groups.values()) {
    const [first] = members
    if (first === undefined) continue
    const { lab } = first
    const versions = known.get(lab) ?? (await knownVersions(lab))
    known.set(lab, versions)
    const names = foundBy(first.graded.grade)
    const same = members.map(({ handedIn }) => versions.get(fingerprint(lab, handedIn.files)))
    result.push({
      lab,
      checks: first.graded.grade.checks
        .filter(({ outcome }) => outcome === 'violated')
        .map(({ name, title }) => ({ name, title })),
      example: first.graded.grade.headline,
      learners: members.map(({ graded }) => graded.learner),
      sameAs: [...new Set(same.filter((version) => version !== undefined))],
      near: lab.nearMisses.filter(({ fails }) => names.includes(fails)),
    })
  }
  return result.toSorted((a, b) => b.learners.length - a.learners.length)
}

/** The same words for the same cause: what found it, or why there is no verdict. */
function foundBy(grade: Grade): readonly string[] {
  const checks = violatedChecks(grade)
  return checks.length > 0 ? checks : [grade.outcome]
}

/** The starting code and the near misses of the lab, by their content. */
async function knownVersions(lab: Lab): Promise<Map<string, string>> {
  const versions = ['start', ...lab.nearMisses.map(({ name }) => `near-misses/${name}`)]
  const found = new Map<string, string>()
  for (const version of versions) {
    const folder = join(labFolder(lab), version)
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
    const files = await Promise.all(
      names.map(async (name) => ({
        seam: name.slice(0, -3),
        text: await readFile(join(folder, name), 'utf8'),
      })),
    )
    found.set(fingerprint(lab, files), version)
  }
  return found
}

function fingerprint(lab: Lab, files: HandedInLab['files']): string {
  const texts = lab.seams.map(({ seam }) => files.find((file) => file.seam === seam)?.text ?? '')
  const bare = texts.map((text) =>
    text
      .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
  return createHash('sha256').update(JSON.stringify(bare)).digest('hex')
}
