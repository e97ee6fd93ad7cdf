import type { MembershipView } from '#chaos/contracts/workshop.ts'

import type { Printer } from '../ui/printer.ts'
import { inboxText } from './inbox-text.ts'

/** What is sent to the host, and what was sent last. */
export function membershipText(view: MembershipView, out: Printer): string {
  const { bold, dim, yellow } = out.colours
  const { joined } = view
  if (joined === null)
    return 'You are in no workshop. Nothing is sent.\nTo join one: unhappy workshop join URL --code CODE --name NAME'
  const lines = [
    `${bold(joined.workshop)} at ${joined.url}, as ${bold(joined.name)}`,
    ...(joined.isLeaving ? [yellow('You have left. What waits is still sent, nothing else.')] : []),
    `Incidents: ${joined.acceptsIncidents ? 'the instructor may start them here' : 'not accepted'}`,
    '',
    bold('What is sent'),
    ...view.sends.map((text) => `  - ${text}`),
    '',
    `${bold('Sent')}: ${view.sent}, ${view.waiting} wait`,
    ...(view.problem === null ? [] : [yellow(`  ${view.problem}`)]),
    ...view.lastSent.map(({ at, text }) => `  ${dim(at)}  ${text}`),
  ]
  const { exercise } = view
  if (exercise !== null)
    lines.push('', `${bold('Exercise')}: ${exercise.title}, ${exercise.state}${endText(exercise)}`)
  if (view.sequence.length > 0) lines.push('', `${bold('Labs')}: ${view.sequence.join(', ')}`)
  if (view.inbox.length > 0)
    lines.push('', bold('From the instructor'), ...view.inbox.map((push) => `  ${inboxText(push)}`))
  return lines.join('\n')
}

function endText({ endsAt }: NonNullable<MembershipView['exercise']>): string {
  return endsAt === null ? '' : `, until ${new Date(endsAt).toLocaleTimeString()}`
}
