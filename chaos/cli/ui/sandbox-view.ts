import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import type { InstanceStatus } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'

import type { Output } from './output.ts'
import { table } from './table.ts'

/** Instances with their state; a restart that nobody ordered is worth a look. */
export function instanceTable(instances: readonly InstanceStatus[], out: Output): string {
  const { green, yellow, red, dim } = out.colours
  const colourOf = { ready: green, starting: yellow, unready: yellow, paused: yellow }
  const rows = instances.map((instance) => {
    const colour = (colourOf as Record<string, typeof red>)[instance.state] ?? red
    const own = (instance.seams ?? []).filter((seam) => seam.source === 'exercise')
    return [
      instance.name,
      colour(instance.state),
      String(instance.pid ?? ''),
      String(instance.restarts),
      own.map((seam) => `${seam.seam} (yours)`).join(', '),
    ]
  })
  const columns = [
    { title: 'instance' },
    { title: 'state' },
    { title: 'pid', align: 'right' as const },
    { title: 'restarts', align: 'right' as const },
    { title: 'seams' },
  ]
  return table(columns, rows, { width: out.columns, heading: dim })
}

/** Only what is not as it should be: most links most of the time have nothing to tell. */
export function linkLines(links: readonly LinkStatus[], out: Output): string {
  const { red, yellow } = out.colours
  const touched = links.filter((link) => !link.enabled || link.toxics.length > 0)
  if (touched.length === 0) return `${links.length} links, all untouched.`
  return touched
    .map((link) => {
      const toxics = link.toxics.map((toxic) => `${toxic.type} ${attributesText(toxic.attributes)}`)
      return `${link.name}: ${link.enabled ? '' : red('down ')}${yellow(toxics.join(', '))}`
    })
    .join('\n')
}

/** What says something: zero and false are how it is anyway. */
function attributesText(attributes: LinkStatus['toxics'][number]['attributes']): string {
  const telling = Object.entries(attributes).filter(([, value]) => value !== 0 && value !== false)
  return telling.map(([name, value]) => `${name}=${value}`).join(' ')
}

export function faultTable(faults: readonly ActiveFault[], out: Output): string {
  if (faults.length === 0) return 'No fault is on.'
  const rows = faults.map((fault) => [
    fault.id,
    out.colours.red(fault.kind),
    fault.targets.join(', '),
    Object.entries(fault.params)
      .map(([key, value]) => `${key} ${String(value)}`)
      .join(', '),
    fault.mechanism,
    fault.until.slice(11, 19),
  ])
  const titles = ['fault', 'kind', 'on', 'with', 'how', 'until']
  return table(
    titles.map((title) => ({ title })),
    rows,
    { width: out.columns, heading: out.colours.dim },
  )
}

export function truthLine(truth: TruthCounters | null): string {
  if (truth === null) return 'The sources of truth cannot be read now.'
  return `${truth.orders} orders, ${truth.paid} paid, ${truth.unfinished} unfinished; ${truth.charged} charged by payments, ${truth.ledgerCharges} in the ledger.`
}
