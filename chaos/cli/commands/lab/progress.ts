import { readFile } from 'node:fs/promises'

import type { LearningEvidence, Share } from '#chaos/contracts/api.ts'
import { evidenceOf } from '#chaos/exercise/learning/learning-evidence.ts'
import { parseExport } from '#chaos/exercise/learning/parse-export.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { openLabControl } from '../../lab/lab-control.ts'
import { dueQuestions } from '../../lab/next-step.ts'
import { withProgramName } from '../../program-name.ts'
import { textTable } from '../../ui/text-table.ts'
import { wrap } from '../../ui/wrap.ts'

export default defineCommand({
  about:
    'Compares what you predicted, and how sure you were, with what was right: in the labs, and in unfamiliar code. With files that `unhappy lab export` printed, one for each learner, it shows the group.',
  args: {
    files: {
      type: 'positional',
      required: false,
      description: 'Exports of learners: one or more files.',
    },
  },
  acceptsExtraArguments: true,
  examples: ['unhappy lab progress'],
  run: async ({ args, cli }) => {
    if (args._.length > 0) return print(cli, evidenceOf(await Promise.all(args._.map(readExport))))
    const control = openLabControl(cli)
    const [labs, evidence] = await Promise.all([control.list(), control.evidence()])
    const due = dueQuestions(labs)
    if (cli.json) return cli.out.line(JSON.stringify({ ...evidence, due }))
    print(cli, evidence)
    if (due.length === 0) return
    const ids = due.map(({ id }) => id).join(', ')
    cli.out.line(withProgramName(`\nDue: unhappy lab transfer   (${ids})`, cli.program))
  },
})

async function readExport(file: string) {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InputError(`${file} cannot be read: ${messageOf(error)}`, {
      remedy: 'Make it with: unhappy lab export > my-labs.json',
    })
  })
  return parseExport(text, file)
}

function print(cli: Cli, evidence: LearningEvidence): void {
  const { out } = cli
  if (cli.json) return out.line(JSON.stringify(evidence))
  if (evidence.learners > 1) out.line(out.colours.bold(`${evidence.learners} learners`))
  for (const sentence of evidence.sentences) out.line(wrap(sentence, Math.min(out.columns, 100)))
  const { predictions, transfer } = evidence
  const bands = predictions.bands.map((band, i) => {
    const other = transfer.calibration.bands[i]
    const to = band.to === 100 ? 100 : band.to - 1
    return [`${band.from} to ${to} %`, ofAll(band), ofAll(other)]
  })
  const width = out.columns
  const heading = out.colours.dim
  const right = { align: 'right' as const }
  if (predictions.answered + transfer.calibration.answered === 0) return
  out.line(
    `\n${textTable(
      [
        { title: 'how sure' },
        { title: 'predictions right', ...right },
        { title: 'unfamiliar code right', ...right },
      ],
      bands,
      { width, heading },
    )}`,
  )
  out.line(
    `\n${textTable(
      [
        { title: 'lab' },
        { title: 'prediction', ...right },
        { title: 'unfamiliar code', ...right },
        { title: 'a week later', ...right },
      ],
      evidence.labs.map((lab) => [
        lab.id,
        ofAll(lab.predictions),
        ofAll(lab.now),
        ofAll(lab.later),
      ]),
      { width, heading },
    )}`,
  )
}

function ofAll(share: Share | undefined): string {
  return share === undefined || share.answered === 0 ? '-' : `${share.right} of ${share.answered}`
}
