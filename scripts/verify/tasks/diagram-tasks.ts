import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labs } from '#labs/index.ts'
import { disagreementsOfRun } from '#labs/testing/story-and-diagram.ts'

import { judgedRun, judgeRound } from '../judge-round.ts'
import type { JudgedRun } from '../judge-round.ts'
import type { Task } from '../task.ts'
import { versionHash } from '../version-hash.ts'

/** The first story of every lab's starting version, and the diagram of the same order: both show the same at the same times. */
export const diagramTasks: readonly Task[] = labs.map((lab) => ({
  name: `diagrams/${lab.id}`,
  expected: 'story and diagram agree',
  times: 1,
  sideBySide: true,
  hash: async () => await versionHash(lab, 'start'),
  run: async (context) => await judgeRound(context, async (client) => await compare(client, lab)),
}))

async function compare(client: ApiClient, lab: Lab): Promise<JudgedRun> {
  const request = { lab: lab.id, version: 'start', quick: true } as const
  const run = await awaitLabRun(client, request, systemClock)
  const story = run.verdict?.story
  if (story === undefined) return judgedRun(run, `no story: ${run.outcome ?? run.state}`)
  const different = await disagreementsOfRun(run)
  return judgedRun(
    run,
    different === undefined || different.length === 0
      ? undefined
      : `the diagram does not show: ${different.join('; ')}`,
    different === undefined
      ? `the story is about ${story.about}, which has no diagram`
      : `${formatCount(story.lines.length, 'line')} about ${story.about}`,
  )
}
