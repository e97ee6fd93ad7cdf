import type { HealReport } from '#chaos/contracts/api.ts'

import type { Cli } from '../cli.ts'
import { exitStatus } from '../run.ts'

/** Prints what was undone; status 1 when something could not be. */
export function reportHeal(cli: Cli, report: HealReport): number {
  const { green, red } = cli.out.colours
  if (cli.json) cli.out.line(JSON.stringify(report))
  else {
    if (report.undone.length === 0 && report.couldNotUndo.length === 0)
      cli.out.line('There was nothing to undo.')
    for (const what of report.undone) cli.out.line(`${green('undone')}  ${what}`)
    for (const { what, error } of report.couldNotUndo)
      cli.out.line(`${red('NOT undone')}  ${what}: ${error}`)
  }
  return report.couldNotUndo.length === 0 ? exitStatus.held : exitStatus.violated
}
