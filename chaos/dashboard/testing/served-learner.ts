import { openPushedIncidents } from '#chaos/api/sandbox/pushed-incidents.ts'
import { viewSandbox } from '#chaos/api/sandbox/sandbox-view.ts'
import { createFakeController } from '#chaos/api/testing/fake-controller.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { createFakeSandbox } from '#chaos/engine/testing/fake-sandbox.ts'
import { createGamedays } from '#chaos/gameday/gameday.ts'
import { veilView } from '#chaos/gameday/veil.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { factsOfRun } from '#chaos/workshop/member/facts-of-run.ts'
import { createMember } from '#chaos/workshop/member/member.ts'
import { runMember } from '#chaos/workshop/member/run-member.ts'

import { serveLab } from './served-lab.ts'
import type { LabPlace, ServedLab } from './served-lab.ts'

/** A learner's page: the real files of a lab, the real membership in a workshop, and real game days. */
export interface ServedLearner extends ServedLab {
  /** Advances the time of the learner's sandbox, which exists only in memory. */
  readonly advance: (byMs: number) => Promise<void>
}

const facts = {
  slot: 0,
  version: '1',
  startedAt: '2030-01-01T00:00:00.000Z',
  url: 'http://127.0.0.1',
  proxyPort: undefined,
}

/** See `serveLab`. */
export async function serveLearner(lab: Lab, fix: string): Promise<ServedLearner> {
  const fake = await createFakeSandbox()
  const { sandbox, clock } = fake
  const { journal } = sandbox
  const learner = await serveLab(lab, fix, async ({ home, progress, resources }: LabPlace) => {
    resources.use(sandbox)
    const factsOf = async (run: string) => await factsOfRun(home.runs, run)
    const member = createMember({ home, labs: [lab], progress, clock: systemClock, factsOf })
    const { gamedays, onIncident } = openPushedIncidents({
      gamedays: createGamedays({
        sandbox,
        folder: home.runs,
        restore: async () => undefined,
        send: async () => undefined,
        occupy: occupied,
      }),
      member,
      warn: (text) => journal.note('warning', text),
    })
    const onChanged = () => void journal.publish({ type: 'workshop' })
    resources.use(runMember({ member, home, clock: systemClock, onChanged, onIncident }))
    const { faults, sandbox: control } = createFakeController()
    const view = async () => {
      const now = { run: null, traffic: null, acknowledged: 0 }
      const seen = await viewSandbox(sandbox, facts, now)
      return gamedays.isRunning ? veilView(seen) : seen
    }
    return {
      workshop: member,
      gamedays,
      events: journal,
      sandbox: { ...control, view },
      faults: { ...faults, list: () => [] },
    }
  })
  return { ...learner, advance: async (byMs) => clock.advance(byMs) }
}

/** Nothing else uses the sandbox. */
async function occupied(
  _name: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<{ readonly ended: Promise<void>; abort(reason: string): void }> {
  const over = new AbortController()
  return {
    ended: work(over.signal),
    abort: (reason) => over.abort(new Error(reason)),
  }
}
