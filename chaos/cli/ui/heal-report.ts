import type { HealReport } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../exit-status.ts'

/** Prints which faults were healed, and which instances still start. Returns exit status 1 if one could not be healed. */
export function reportHeal(cli: Cli, report: HealReport): number {
  const { green, red, yellow } = cli.out.colours
  if (cli.json) cli.out.line(JSON.stringify(report))
  else {
    const { starting = [] } = report
    if (report.undone.length + report.couldNotUndo.length + starting.length === 0)
      cli.out.line('No fault is active.')
    for (const what of report.undone) cli.out.line(`${green('healed')}  ${what}`)
    for (const { what, error } of report.couldNotUndo)
      cli.out.line(`${red('NOT healed')}  ${what}: ${error}`)
    for (const name of starting)
      cli.out.line(`${yellow('starting')}  ${name}: it is not ready yet.`)
  }
  return report.couldNotUndo.length === 0 ? exitStatus.held : exitStatus.violated
}
