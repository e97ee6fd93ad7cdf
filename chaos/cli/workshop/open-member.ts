import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { factsOfRun } from '#chaos/workshop/member/facts-of-run.ts'
import { createMember } from '#chaos/workshop/member/member.ts'
import type { Member } from '#chaos/workshop/member/member.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../cli.ts'

/** The learner's side of a workshop. It needs no sandbox, and uses the same files as a controller. */
export function openMember(cli: Cli): Member {
  const { home, clock } = cli
  const progress = createProgressStore(home.work, {
    clock,
    warn: (text) => cli.err.line(cli.err.colours.yellow(text)),
  })
  return createMember({
    home,
    labs,
    progress,
    clock,
    factsOf: async (run) => await factsOfRun(home.runs, run),
  })
}
