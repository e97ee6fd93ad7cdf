import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { RunView } from '#chaos/contracts/api.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { System } from '#chaos/contracts/system.ts'
import { labFolder } from '#chaos/exercise/folders.ts'
import type { LabProgress } from '#chaos/exercise/progress-store.ts'
import { unifiedDiff } from '#chaos/exercise/unified-diff.ts'
import type { ReportedLab } from '#chaos/report/report-data.ts'
import { writeReport } from '#chaos/report/write-report.ts'

import { failingFlowsOf } from './failing-flows-of.ts'
import type { RunRecord } from './run-archive.ts'

export interface ReportParts {
  readonly system: Pick<System, 'operations' | 'topology' | 'flowView'>
  readonly labs: readonly Lab[]
  folderOf(run: string): string
  progressOf(lab: string): Promise<LabProgress>
}

/** Writes the report of a run into its folder. A run without a verdict has no report. */
export async function reportRun(record: RunRecord, parts: ReportParts): Promise<void> {
  const { id, seed, title, startedAt, verdict, version } = record
  if (verdict === null) return
  const folder = parts.folderOf(id)
  const lab = parts.labs.find((one) => one.id === record.lab)
  const reported = lab === undefined ? undefined : await reportedLab(lab, record, parts)
  await writeReport(folder, {
    id,
    seed,
    title,
    startedAt,
    verdict,
    ...(reported === undefined ? {} : { lab: reported }),
    ...(version === undefined ? {} : { version }),
    operations: parts.system.operations.map(({ kind }) => kind),
    versions: { node: process.version, platform: `${process.platform} ${process.arch}` },
    flows: await failingFlowsOf(folder, parts.system, verdict.checks),
  })
}

async function reportedLab(
  lab: Lab,
  { id, version, outcome }: Pick<RunView, 'id' | 'version' | 'outcome'>,
  parts: ReportParts,
): Promise<ReportedLab> {
  const { goal, title } = lab
  const diffs = await diffsOf(lab, join(parts.folderOf(id), 'code'))
  const about = { id: lab.id, title, goal, diffs }
  // A prediction and an explanation are about the learner's own code.
  if (version !== 'mine') return about
  const { prediction, explanation } = await parts.progressOf(lab.id)
  const { question, answers, right, because } = lab.prediction
  return {
    ...about,
    ...(prediction === undefined
      ? {}
      : {
          prediction: {
            question,
            answer: answers[prediction.answer] ?? '',
            confidence: prediction.confidence,
            // An inconclusive run shows nothing.
            ...(outcome === 'held' || outcome === 'violated'
              ? {
                  outcome: {
                    isRight: prediction.answer === right,
                    right: answers[right] ?? '',
                    because,
                  },
                }
              : {}),
          },
        }),
    ...(explanation === undefined ? {} : { explanation }),
  }
}

/** What the judged code changes in the starting code. Empty for a run of the system's own code, which has no copy. */
async function diffsOf(lab: Lab, judged: string): Promise<ReportedLab['diffs']> {
  const all = await Promise.all(
    lab.seams.map(async ({ seam }) => {
      const file = `${seam}.ts`
      const [start, code] = await Promise.all([
        readText(join(labFolder(lab), 'start', file)),
        readText(join(judged, file)),
      ])
      if (start === undefined || code === undefined) return { file, diff: '' }
      const names = [`start/${file}`, `judged/${file}`] as const
      return {
        file,
        diff: unifiedDiff({ name: names[0], text: start }, { name: names[1], text: code }),
      }
    }),
  )
  return all.filter(({ diff }) => diff !== '')
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}
