import type { HealReport } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../exit-status.ts'

/** Prints which faults were healed. Returns exit status 1 if one could not be healed. */
export function reportHeal(cli: Cli, report: HealReport): number {
  const { green, red } = cli.out.colours
  if (cli.json) cli.out.line(JSON.stringify(report))
  else {
    if (report.undone.length === 0 && report.couldNotUndo.length === 0)
      cli.out.line('No fault is active.')
    for (const what of report.undone) cli.out.line(`${green('healed')}  ${what}`)
    for (const { what, error } of report.couldNotUndo)
      cli.out.line(`${red('NOT healed')}  ${what}: ${error}`)
  }
  return report.couldNotUndo.length === 0 ? exitStatus.held : exitStatus.violated
}
