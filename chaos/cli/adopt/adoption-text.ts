import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import type { SandboxView } from '#chaos/contracts/api.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Cli } from '../cli.ts'
import { withProgramName } from '../program-name.ts'
import { directText } from '../ui/direct-text.ts'
import type { Printer } from '../ui/printer.ts'
import { definitions, textTable } from '../ui/text-table.ts'

/** The links of an adopted project, what has none, and what to do next. */
export function adoptionText(
  report: AdoptionReport,
  view: Pick<SandboxView, 'urls'>,
  {
    cli,
    dashboard,
    detached,
  }: { readonly cli: Cli; readonly dashboard: string; readonly detached: boolean },
): string {
  const { bold, dim, green } = cli.out.colours
  const unhappy = (text: string): string => withProgramName(text, cli.program)
  const width = cli.out.columns
  const link = report.links.find(({ name }) => !name.startsWith('client:'))?.name ?? 'web:db'
  return [
    `${green(bold(`Project ${report.project} has ${report.links.length === 1 ? 'one link' : `${report.links.length} links`}`))} after ${formatDuration(Math.round(report.tookMs))}.`,
    '',
    linksAndRest(report, cli.out),
    '',
    definitions(
      [
        ['Dashboard', dashboard],
        ['Clients', view.urls.shop.join('  ') || 'no service publishes a port'],
        ['Links', `${view.urls.proxy}  (Toxiproxy's API)`],
      ],
      { width, indent: 2 },
    ),
    '',
    bold(detached ? 'Try this' : 'Try this in another terminal'),
    `  ${unhappy(`unhappy inject latency ${link} --latencyMs 500 --for 30s`)}`,
    `  ${unhappy('unhappy status')}`,
    `  ${unhappy('unhappy xray FLOW.flow.yaml')}  ${dim('# breaks every message of one flow')}`,
    '',
    detached
      ? `Put everything back: ${unhappy('unhappy release')}`
      : `Ctrl-C puts everything back. In another terminal: ${unhappy('unhappy release')}`,
  ].join('\n')
}

function linksAndRest(report: AdoptionReport, out: Printer): string {
  const { dim } = out.colours
  const columns = [{ title: 'link' }, { title: 'protocol' }, { title: 'port' }]
  const rows = report.links.map(({ name, protocol, port, tls }) => [
    name,
    protocol,
    `${port}${tls === undefined ? '' : ' (TLS: bytes)'}`,
  ])
  const notes: (readonly [string, string])[] = [
    ...report.leftAlone.map(({ what, why }) => [what, why] as const),
    ...report.restartPolicies.map(
      ({ instance, policy }) =>
        [instance, `restart: ${policy}: the engine starts it again after a crash`] as const,
    ),
  ]
  return [
    textTable(columns, rows, { width: out.columns, heading: dim }),
    ...(notes.length === 0
      ? []
      : [
          '',
          dim('left alone, or worth knowing'),
          definitions(notes, { width: out.columns, indent: 2 }),
        ]),
    ...(report.cut === 0 ? [] : ['', `${report.cut} open connections were cut.`]),
    ...(report.direct.length === 0
      ? []
      : [
          '',
          directText(report.direct, out),
          dim('--cut cuts those of services. See what is open later: unhappy links --direct'),
        ]),
  ].join('\n')
}
