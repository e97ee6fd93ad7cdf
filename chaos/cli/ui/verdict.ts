import type { LabView, RunView } from '#chaos/contracts/api.ts'
import type { CheckResult, VerdictOutcome, Story, Verdict } from '#chaos/contracts/check.ts'
import { formatRunTime } from '#chaos/contracts/run-clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import { letterOf } from '../lab/ask.ts'
import type { Printer } from './printer.ts'
import { wrap, widthOf } from './wrap.ts'

const signs: Readonly<Record<VerdictOutcome, string>> = {
  held: '✓',
  violated: '✗',
  inconclusive: '?',
}
const words: Readonly<Record<VerdictOutcome, string>> = {
  held: 'HELD',
  violated: 'VIOLATED',
  inconclusive: 'INCONCLUSIVE',
}

/** The verdict with its headline and one line per check. */
export function verdictText(verdict: Verdict, out: Printer): string {
  const { bold, inverse } = out.colours
  const width = widthFor(out)
  const badge = inverse(bold(colourOf(verdict.outcome, out)(` ${words[verdict.outcome]} `)))
  const indent = words[verdict.outcome].length + 4
  const headline = wrap(`${badge}  ${bold(verdict.headline)}`, width, indent)
  const checks = verdict.checks.map((check) => checkLine(check, out)).join('\n')
  // The line of its check already has the reason of a check that could not judge.
  const shown = new Set(verdict.checks.map(({ title, summary }) => `${title}: ${summary}`))
  const reasons = verdict.reasons
    .filter((reason) => !shown.has(reason))
    .map((reason) => wrap(`  ? ${reason}`, width, 4))
    .join('\n')
  return [headline, checks, reasons].filter((part) => part !== '').join('\n\n')
}

/** A sign for the outcome, the title, and the summary if there is one. */
export function checkLine(
  check: Pick<CheckResult, 'outcome' | 'title' | 'summary'>,
  out: Printer,
): string {
  const sign = colourOf(check.outcome, out)(signs[check.outcome])
  const summary = check.summary === '' ? '' : `: ${check.summary}`
  return wrap(`  ${sign} ${out.colours.bold(check.title)}${summary}`, widthFor(out), 4)
}

/** The story of the first violation, in time order. */
export function storyText(story: Story, out: Printer): string {
  const { bold, dim } = out.colours
  const width = widthFor(out)
  const whoWidth = Math.max(...story.lines.map((line) => widthOf(line.who)), 6)
  const lines = story.lines.map((line) => {
    const at = formatRunTime(line.ms).padStart(9)
    const who = line.who.padEnd(whoWidth)
    const coloured = line.who === 'fault' ? out.colours.red(who) : out.colours.cyan(who)
    const room = Math.max(24, width - whoWidth - 13)
    const [first = '', ...rest] = wrap(line.text, room).split('\n')
    return [
      `${dim(at)}  ${coloured}  ${first}`,
      ...rest.map((text) => ' '.repeat(whoWidth + 13) + text),
    ].join('\n')
  })
  return [
    wrap(`${bold('The story of')} ${story.about}: ${story.headline}`, width),
    '',
    ...lines,
    '',
    wrap(`  expected  ${story.expected}`, width, 10),
    wrap(`  actual    ${story.actual}`, width, 10),
  ].join('\n')
}

/** The learner's prediction and the measured result. */
export function predictionText(
  lab: Pick<LabView, 'answers' | 'prediction' | 'outcomeOfPrediction'>,
  out: Printer,
): string {
  const { prediction, outcomeOfPrediction: outcome } = lab
  if (prediction === null || outcome === null) return ''
  const width = widthFor(out)
  const right = prediction.answer === outcome.right
  const answer = (index: number): string => `${letterOf(index)}) ${lab.answers[index] ?? ''}`
  const sure = `${prediction.confidence} % sure`
  return [
    wrap(`You predicted  ${answer(prediction.answer)}  (${sure})`, width, 15),
    right
      ? out.colours.green('Measured       the same')
      : wrap(`Measured       ${answer(outcome.right)}`, width, 15),
    ...(outcome.because === '' ? [] : [wrap(`               ${outcome.because}`, width, 0)]),
  ].join('\n')
}

/** The run's folder and its seed. */
export function runText(run: RunView, out: Printer): string {
  const files = ['report.html', 'journal.jsonl', 'history.jsonl', 'logs/'].filter((name) =>
    run.files.some((file) => file.startsWith(name)),
  )
  const tookMs = Date.parse(run.endedAt ?? run.startedAt) - Date.parse(run.startedAt)
  const lines = [
    `Run   ${run.folder}/  (${files.join(', ')})`,
    `Seed  ${run.seed}, ${formatDuration(tookMs)}`,
    ...traceLine(run),
  ]
  return out.colours.dim(lines.join('\n'))
}

/** How to see every message of the order that the story is about. */
function traceLine({ id, verdict }: RunView): string[] {
  const [noun, order] = verdict?.story?.about.split(' ') ?? []
  if (noun !== 'order' || order === undefined) return []
  return [`Order unhappy trace-order ${order} --run ${id}`]
}

function colourOf(outcome: VerdictOutcome, { colours }: Printer): (text: string) => string {
  return { held: colours.green, violated: colours.red, inconclusive: colours.yellow }[outcome]
}

function widthFor(out: Printer): number {
  return Math.min(out.columns, 100)
}
