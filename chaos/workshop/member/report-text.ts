import type { Report } from '#chaos/contracts/workshop.ts'

/** Everything that a learner's sandbox sends, one sentence each. */
export const whatIsSent: readonly string[] = [
  'Your name, as you gave it.',
  'Which lab you start, and when.',
  'Your prediction: the answer and how sure you are.',
  'Each verdict about your own code, with the time, the seed and the violated checks.',
  'How many hints you use.',
  'How long your explanation is. The text is not sent.',
  'Your request for help, if you ask for it, with its text.',
  'Your answers during an incident, if you agreed to incidents, and whether the incident began and ended.',
  'Your code of one lab, only when you run `unhappy workshop share LAB` or press the button.',
  'That you leave, when you leave.',
]

/** A report in words: exactly what it contains. */
export function reportText(report: Report): string {
  switch (report.type) {
    case 'lab-opened':
      return `${report.lab}: started`
    case 'prediction':
      return `${report.lab}: prediction ${report.answer + 1}, ${report.confidence} % sure`
    case 'verdict':
      return [
        `${report.lab}: verdict ${report.outcome}`,
        ...(report.seed === undefined ? [] : [`seed ${report.seed}`]),
        ...(report.failed ?? []),
      ].join(', ')
    case 'hint':
      return `${report.lab}: hint ${report.used} used`
    case 'explanation':
      return `${report.lab}: explanation of ${report.characters} characters`
    case 'help':
      return `request for help${report.text === undefined ? '' : `: ${report.text}`}`
    case 'code':
      return `${report.lab}: code, ${report.files.map(({ path }) => path).join(', ')}`
    case 'incident-answer':
      return 'answer to the incident'
    case 'incident-state':
      return `incident: ${report.what}`
    case 'left':
      return 'left the workshop'
  }
}
