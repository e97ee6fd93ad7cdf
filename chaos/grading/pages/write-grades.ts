import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { writeAtomically } from '#chaos/lib/write-atomically.ts'

import type { GradedLab } from '../grade.ts'
import type { Submission } from '../read-submissions.ts'
import { classPage } from './class-page.ts'
import { gradesCsv } from './grades-csv.ts'
import { learnerPage } from './learner-page.ts'
import type { LearnersLab } from './learner-page.ts'
import { wrongFixesOf } from './wrong-fixes.ts'

/** Writes `grades.csv`, `index.html` for the class, and a page per hand-in in `learners/`. */
export async function writeGrades(
  folder: string,
  submissions: readonly Submission[],
  graded: readonly GradedLab[],
): Promise<void> {
  await mkdir(join(folder, 'learners'), { recursive: true })
  const all: LearnersLab[] = []
  for (const submission of submissions) {
    const grades = graded.filter(({ file }) => file === submission.file)
    // Grades have the sequence of the labs in the file.
    const parts = grades.map((grade, index): LearnersLab => {
      const part = submission.labs[index]
      return part === undefined
        ? { graded: grade }
        : { graded: grade, handedIn: part.handedIn, ...(part.lab && { lab: part.lab }) }
    })
    all.push(...parts)
    await writeAtomically(
      join(folder, pageOf(submission.file)),
      learnerPage(submission.learner, submission.file, parts),
    )
  }
  const wrong = await wrongFixesOf(
    all.flatMap(({ graded, handedIn, lab }) =>
      handedIn === undefined || lab === undefined ? [] : [{ graded, handedIn, lab }],
    ),
  )
  await writeAtomically(join(folder, 'grades.csv'), gradesCsv(graded))
  await writeAtomically(join(folder, 'index.html'), classPage(graded, wrong, pageOf))
}

/** The learner's page of a file. Its name contains no character that a file system or a URL treats in a special way. */
function pageOf(file: string): string {
  const plain = file
    .replace(/\.json$/, '')
    .replaceAll(/[^\w-]+/g, '-')
    .slice(0, 60)
  const mark = createHash('sha256').update(file).digest('hex').slice(0, 6)
  return `learners/${plain}-${mark}.html`
}
