import { reportRun } from '#chaos/api/runs/report-run.ts'
import { createRunArchive } from '#chaos/api/runs/run-archive.ts'
import { createLabControl } from '#chaos/exercise/lab-control.ts'
import type { LabControl } from '#chaos/exercise/lab-control.ts'
import { showsAllLabs } from '#chaos/exercise/locks.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../cli.ts'

/** Operates on labs without a running shop. It uses the same files as a controller. */
export function openLabControl(
  cli: Cli,
  { showAll = false }: { readonly showAll?: boolean } = {},
): LabControl {
  const progress = createProgressStore(cli.home.work, {
    clock: cli.clock,
    warn: (text) => cli.err.line(cli.err.colours.yellow(text)),
  })
  const archive = createRunArchive(cli.home.runs)
  return createLabControl({
    system,
    home: cli.home,
    labs,
    progress,
    clock: cli.clock,
    // A script receives every part of a lab.
    showAll: showAll || cli.json || showsAllLabs(cli.environment),
    runsOf: async () => [],
    onExplained: async (run) =>
      await reportRun(await archive.load(run), {
        system,
        labs,
        folderOf: (run) => archive.folderOf(run),
        progressOf: async (lab) => await progress.of(lab),
      }),
  })
}

/** The argument that names a lab. */
export const labArgument = {
  type: 'positional',
  required: true,
  description: 'Name of the lab, as `unhappy lab list` prints it.',
} as const
