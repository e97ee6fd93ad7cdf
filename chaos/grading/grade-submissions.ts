import type { Clock } from '#chaos/lib/clock.ts'

import { broken, gradeLab } from './grade-lab.ts'
import type { GradedLab } from './grade.ts'
import type { Judged, JudgeRequest } from './judge.ts'
import { gradeKey } from './kept-grades.ts'
import type { KeptGrades } from './kept-grades.ts'
import type { Submission, SubmittedLab } from './read-submissions.ts'

export interface GradingOptions {
  readonly seed: number
  /** Version of Unhappy Path. */
  readonly version: string
  readonly kept: KeptGrades
  readonly clock: Clock
  readonly signal: AbortSignal
  judge(request: JudgeRequest): Promise<Judged>
  /** Before the code of a lab is judged. Not for a kept grade. */
  onBegin?(position: GradingPosition): void
  /** `isKept`: from an earlier call. */
  onGrade?(graded: GradedLab, position: GradingPosition & { readonly isKept: boolean }): void
}

export interface GradingPosition {
  readonly learner: string
  /** From 1. */
  readonly number: number
  readonly total: number
  /** Absent: the file cannot be read. */
  readonly lab?: string
}

/** The `lab` of a file that cannot be read. */
const noLab = '-'

interface Task {
  readonly submission: Submission
  /** Undefined: the file cannot be read. */
  readonly part: SubmittedLab | undefined
}

/** Grades every lab of every submission, one after the other. What was graded before is not judged again. */
export async function gradeSubmissions(
  submissions: readonly Submission[],
  options: GradingOptions,
): Promise<readonly GradedLab[]> {
  const tasks = submissions.flatMap((submission): readonly Task[] =>
    submission.problem === undefined
      ? submission.labs.map((part) => ({ submission, part }))
      : [{ submission, part: undefined }],
  )
  const graded: GradedLab[] = []
  for (const [index, { submission, part }] of tasks.entries()) {
    options.signal.throwIfAborted()
    const { learner, file, problem = '' } = submission
    const position = { learner, number: index + 1, total: tasks.length }
    const lab = part?.handedIn.lab ?? noLab
    const { grade, isKept } =
      part === undefined
        ? { grade: broken(problem), isKept: false }
        : await gradePart(part, options, { ...position, lab })
    const result = { learner, file, lab, grade }
    graded.push(result)
    options.onGrade?.(result, { ...position, lab, isKept })
  }
  return graded
}

async function gradePart(
  { handedIn, lab, problem = '' }: SubmittedLab,
  options: GradingOptions,
  position: GradingPosition,
): Promise<{ readonly grade: GradedLab['grade']; readonly isKept: boolean }> {
  if (lab === undefined) return { grade: broken(problem), isKept: false }
  const { seed, kept, clock } = options
  const key = await gradeKey(lab, handedIn, options)
  const before = await kept.get(key)
  if (before !== undefined) return { grade: before, isKept: true }
  options.onBegin?.(position)
  const request = { lab: lab.id, seed, files: handedIn.files }
  const grade = await gradeLab(async (code) => await options.judge(code), request, clock)
  options.signal.throwIfAborted()
  await kept.keep(key, grade)
  return { grade, isKept: false }
}
