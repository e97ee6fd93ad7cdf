import type { SandboxView, UnreadPart } from '#chaos/contracts/api.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import type { InstanceStatus } from '#chaos/contracts/runtime.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'

import { withProgramName } from '../program-name.ts'
import type { Printer } from './printer.ts'
import { textTable } from './text-table.ts'

/** What `unhappy status` prints about one sandbox. */
export function sandboxText(view: SandboxView, out: Printer, program: string): string {
  const { bold, green, red, yellow } = out.colours
  const state = view.ready ? green('ready') : yellow('not ready')
  return [
    `${bold(`Sandbox ${view.slot}`)} ${state}  ${view.urls.dashboard}  (${view.runtime}, version ${view.version})`,
    view.halted
      ? red(
          withProgramName(
            'HALTED: new faults are refused. Lift the halt: unhappy halt --lift',
            program,
          ),
        )
      : '',
    view.run === null
      ? loadedCode(view.instances, out, program)
      : withProgramName(
          `The run ${view.run} is using the sandbox. Abort it: unhappy halt`,
          program,
        ),
    view.instances.length === 0 ? 'Instances: unknown.' : instanceTable(view.instances, out),
    view.links.length === 0 ? 'Links: unknown.' : linkLines(view.links, out),
    faultTable(view, out),
    truthLine(view.truth),
    unreadLines(view.unread ?? [], out),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** After a run the shop keeps the code of the run, even if its client was killed. */
function loadedCode(instances: readonly InstanceStatus[], out: Printer, program: string): string {
  const seams = instances.flatMap(({ seams = [] }) =>
    seams.filter(({ source }) => source === 'exercise').map(({ seam }) => seam),
  )
  if (seams.length === 0) return ''
  const names = [...new Set(seams)].join(', ')
  const text = `The shop still runs your code from the last run: ${names}. Restore its own: unhappy restore`
  return out.colours.yellow(withProgramName(text, program))
}

function instanceTable(instances: readonly InstanceStatus[], out: Printer): string {
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
  return textTable(columns, rows, { width: out.columns, heading: dim })
}

/** Only the links that are down or have toxics. */
function linkLines(links: readonly LinkStatus[], out: Printer): string {
  const { red, yellow } = out.colours
  const affected = links.filter((link) => !link.enabled || link.toxics.length > 0)
  if (affected.length === 0) return `${links.length} links. None is down or has a toxic.`
  return affected
    .map((link) => {
      const toxics = link.toxics.map((toxic) => `${toxic.type} ${attributesText(toxic.attributes)}`)
      return `${link.name}: ${link.enabled ? '' : red('down ')}${yellow(toxics.join(', '))}`
    })
    .join('\n')
}

/** Zero and false are the defaults: they are left out. */
function attributesText(attributes: LinkStatus['toxics'][number]['attributes']): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

function faultTable(
  { faults, hidesIncidents }: Pick<SandboxView, 'faults' | 'hidesIncidents'>,
  out: Printer,
): string {
  if (hidesIncidents === true) return 'A game day runs: faults are hidden.'
  if (faults.length === 0) return 'No fault is active.'
  const rows = faults.map((fault) => [
    fault.id,
    out.colours.red(fault.kind),
    `${fault.until.slice(11, 19)} UTC`,
    fault.mechanism,
    Object.entries(fault.params)
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(' '),
    fault.targets.join(', '),
  ])
  const titles = ['fault', 'kind', 'until', 'mechanism', 'parameters', 'targets']
  return textTable(
    titles.map((title) => ({ title })),
    rows,
    { width: out.columns, heading: out.colours.dim },
  )
}

function truthLine(truth: TruthCounters | null): string {
  if (truth === null) return 'Orders and charges: unknown.'
  // Nothing is known about the data of a user's own system.
  if (Object.keys(truth).length === 0) return ''
  const { orders, paid, unfinished, charged, ledgerCharges } = truth
  return `${orders} orders: ${paid} paid, ${unfinished} unfinished. ${charged} charges captured by payments, ${ledgerCharges} in the ledger.`
}

/** Which part did not respond. The rest of the view is complete. */
function unreadLines(unread: readonly UnreadPart[], out: Printer): string {
  return unread
    .map(({ part, error }) => out.colours.yellow(`Cannot read ${part}: ${error}.`))
    .join('\n')
}
