import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { findLab } from '#chaos/exercise/find-lab.ts'
import type { GradedLab } from '#chaos/grading/grade.ts'
import { filesOfVersion, handInOf } from '#chaos/grading/testing/hand-in-of.ts'
import { hostileCode } from '#chaos/grading/testing/hostile-code.ts'
import { labs } from '#labs/index.ts'

import { runInProcess } from '../testing/in-process.ts'
import { allowsCells } from './testing/allows-cells.ts'

const lab = findLab(labs, 'lab-zero')

test.skipIf(!allowsCells())(
  'a right fix is not violated, a wrong one is not held, and one that kills everything is broken',
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unhappy-grade-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const prey = { file: join(folder, 'prey'), port: 1, pid: process.pid }
    writeFileSync(prey.file, 'as before')
    const put = (name: string, files: Parameters<typeof handInOf>[2]): void =>
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(handInOf(name, lab.id, files)))
    const right = await filesOfVersion(lab, 'alternatives/leave-it-alone')
    put('right', right)
    put('wrong', await filesOfVersion(lab, 'start'))
    put(
      'hostile',
      right.map(({ seam, text }) => ({
        seam,
        text: `${text}\n${hostileCode['kills-everything']?.code(prey)}\n`,
      })),
    )
    const first = await runInProcess(['lab', 'grade', folder, '--json'], { home: folder })
    const grades = (JSON.parse(first.stdout) as { readonly grades: readonly GradedLab[] }).grades
    const outcomes = Object.fromEntries(
      grades.map(({ learner, grade }) => [learner, grade.outcome]),
    )
    // A busy machine can make a run inconclusive. No grade is wrong.
    expect(outcomes).toEqual({
      right: expect.stringMatching(/held|inconclusive/),
      wrong: expect.stringMatching(/violated|inconclusive/),
      hostile: 'broken',
    })
    expect(readFileSync(prey.file, 'utf8')).toBe('as before')
    expect(readFileSync(join(folder, 'grades', 'grades.csv'), 'utf8')).toContain('hostile.json')
    expect(first.stderr).toContain('3/3')
  },
)
