import type { RunView } from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { LabControl } from '#chaos/exercise/lab-control.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { ExportedRun } from './export-run.ts'

type Labs = Pick<LabControl, 'holdsStoryBack'>

/**
 * The run as a page may show it. The story of the learner's own code waits for the explanation: a learner who has read it
 * repeats it. A program with the token receives every run complete.
 */
export async function runForPage(labs: Labs, run: RunView): Promise<RunView> {
  if (run.verdict?.story === undefined || !(await isHeldBack(labs, run))) return run
  const { story: _story, ...verdict } = run.verdict
  return { ...run, verdict, storyLockedUntil: 'your explanation' }
}

/** The events of a run as a page may show them. */
export async function eventsForPage(
  labs: Labs,
  run: RunView,
  events: readonly SandboxEvent[],
): Promise<readonly SandboxEvent[]> {
  return (await isHeldBack(labs, run)) ? events.map(withoutStory) : events
}

/** The export of a run as a page may offer it. */
export async function exportForPage(labs: Labs, exported: ExportedRun): Promise<ExportedRun> {
  const { run, journal } = exported
  return {
    ...exported,
    run: await runForPage(labs, run),
    journal: await eventsForPage(labs, run, journal),
  }
}

/** The end of a run without its story: a page reads the run for that. */
export function withoutStory(event: SandboxEvent): SandboxEvent {
  if (event.type !== 'run' || event.verdict?.story === undefined) return event
  const { story: _story, ...verdict } = event.verdict
  return { ...event, verdict }
}

async function isHeldBack(labs: Labs, { lab, version = 'mine' }: RunView): Promise<boolean> {
  if (lab === undefined || version !== 'mine') return false
  try {
    return await labs.holdsStoryBack(lab)
  } catch (error) {
    // A run of a lab that this version does not have any more.
    if (error instanceof InputError && error.status === 404) return false
    throw error
  }
}
