import { join, resolve } from 'node:path'

import { gradeSubmissions } from '#chaos/grading/grade-submissions.ts'
import type { GradingOptions } from '#chaos/grading/grade-submissions.ts'
import type { GradedLab } from '#chaos/grading/grade.ts'
import { openKeptGrades } from '#chaos/grading/kept-grades.ts'
import { countText } from '#chaos/grading/pages/page.ts'
import { writeGrades } from '#chaos/grading/pages/write-grades.ts'
import { readSubmissions } from '#chaos/grading/read-submissions.ts'
import { readVersion } from '#chaos/home/read-version.ts'
import { parseDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { labs } from '#labs/index.ts'

import { defineCommand } from '../../command.ts'
import { exitStatus } from '../../exit-status.ts'
import { openGrading } from '../../grade/open-grading.ts'
import { showGrading } from '../../grade/show-grading.ts'
import { parseSeed } from '../../seed.ts'

const limitMinMs = 30_000

export default defineCommand({
  about:
    'Judges every hand-in of a folder again, as `lab check` does, and writes a CSV, a page per learner and a page for the class. It trusts nothing in a file. The code runs only in a sandbox without network and without access to your files; where this machine cannot make one, nothing runs. A second call continues where the first one ended. Exit status: 0 everything is graded, 2 a run proved nothing, 3 nothing could be graded.',
  args: {
    folder: {
      type: 'positional',
      required: true,
      description: 'Folder with the files of the learners (`unhappy lab hand-in`).',
    },
    out: {
      type: 'string',
      valueHint: 'folder',
      description: 'Where the grades go. Default: FOLDER/grades.',
    },
    seed: {
      type: 'string',
      valueHint: 'number',
      default: '1',
      description: 'Seed of every run: the same for all learners.',
    },
    limit: {
      type: 'string',
      valueHint: 'duration',
      default: '3m',
      description: 'The longest time for the code of one lab. Then it is broken.',
    },
    again: { type: 'boolean', description: 'Judge everything again, also what has a grade.' },
  },
  examples: ['unhappy lab grade hand-ins', 'unhappy lab grade hand-ins --seed 7 --json'],
  run: async ({ args, cli }) => {
    const folder = resolve(args.folder)
    const out = resolve(args.out ?? join(folder, 'grades'))
    const seed = parseSeed(args.seed) ?? 1
    const limitMs = parseLimit(args.limit)
    const submissions = await readSubmissions(folder, labs)
    const kept = openKeptGrades(join(out, 'kept'))
    const shown = showGrading(cli)
    await using grading = openGrading(cli, { limitMs, onProgress: shown.step })
    const graded: GradedLab[] = []
    const options: GradingOptions = {
      seed,
      version: await readVersion(),
      kept: args.again === true ? { ...kept, get: async () => undefined } : kept,
      clock: cli.clock,
      signal: cli.signal,
      judge: async (request) => await grading.judge(request),
      onBegin: shown.begin,
      onGrade: (grade, position) => {
        graded.push(grade)
        shown.grade(grade, position)
      },
    }
    try {
      await gradeSubmissions(submissions, options)
    } finally {
      // After Ctrl-C, too: the pages show what is known.
      await writeGrades(out, submissions, graded)
    }
    if (cli.json) cli.out.line(JSON.stringify({ folder: out, grades: graded }))
    else {
      cli.out.line(`\n${countText(graded.map(({ grade }) => grade))}`)
      cli.out.line(`The class:  ${join(out, 'index.html')}`)
      cli.out.line(`The grades: ${join(out, 'grades.csv')}`)
    }
    return graded.some(({ grade }) => grade.outcome === 'inconclusive')
      ? exitStatus.inconclusive
      : exitStatus.held
  },
})

function parseLimit(text: string): number {
  const limitMs = parseDuration(text)
  if (limitMs >= limitMinMs) return limitMs
  throw new InputError(`A limit of ${text} is too short for a run.`, {
    remedy: `Use at least ${limitMinMs / 1_000}s, for example --limit 3m.`,
  })
}
