import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { RunControl } from '#chaos/api/controller.ts'
import { createFakeController } from '#chaos/api/testing/fake-controller.ts'
import type { FakeController } from '#chaos/api/testing/fake-controller.ts'
import type { RunSummary, RunView } from '#chaos/contracts/api.ts'
import type { CheckResult, Story, Verdict } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { createLabEditor } from '#chaos/exercise/editor/lab-editor.ts'
import type { TextChecker } from '#chaos/exercise/editor/lab-editor.ts'
import { createLabControl } from '#chaos/exercise/lab-control.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import type { ProgressStore } from '#chaos/exercise/progress-store.ts'
import { homeAt } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'

import { browseDashboard } from './open-dashboard.ts'
import type { BrowsedDashboard } from './open-dashboard.ts'
import { servePage } from './serve-page.ts'

export interface ServedLab extends BrowsedDashboard {
  /** The file that the page edits. */
  readonly file: string
  /** Calls that change something, in order. */
  readonly calls: readonly string[]
  /** From now on a check runs until the result is called. */
  holdChecks(): () => Promise<void>
}

/** Where a lab is served. What is given to `resources` ends with it. */
export interface LabPlace {
  readonly home: Home
  readonly progress: ProgressStore
  readonly resources: AsyncDisposableStack
}

/**
 * The built page, the real API and the real files of a lab, with a browser. Nothing runs the code: a check holds when the
 * file contains `fix`. `more` replaces other parts of the controller.
 */
export async function serveLab(
  lab: Lab,
  fix: string,
  more: (place: LabPlace) => Promise<Partial<FakeController>> = async () => ({}),
): Promise<ServedLab> {
  await using opened = new AsyncDisposableStack()
  const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-lab-page-')))
  opened.defer(async () => rm(home.folder, { recursive: true, force: true }))
  const file = join(home.work, lab.id, `${lab.seams[0]?.seam}.ts`)
  const runs: RunView[] = []
  /** Checks that still run. Undefined: a check ends at once. */
  let held: RunView[] | undefined
  const progress = createProgressStore(home.work, { clock: systemClock, warn: () => undefined })
  const labs = createLabControl({
    system,
    home,
    labs: [lab],
    clock: systemClock,
    progress,
    runsOf: async (): Promise<readonly RunSummary[]> => runs,
  })
  const editor = createLabEditor({
    system,
    home,
    labs: [lab],
    clock: systemClock,
    checker,
    readmeOf: async (id) => (await labs.get(id)).readme,
  })
  const record = async ({ id, outcome }: RunView): Promise<void> => {
    await labs.recordOutcome(lab.id, id, outcome ?? 'inconclusive')
  }
  const fake = createFakeController()
  const control: RunControl = {
    ...fake.runs,
    list: async () => runs,
    start: async () => {
      const code = await readFile(file, 'utf8')
      const run = judged(`20300101-00000${runs.length}-${lab.id}`, lab, code.includes(fix))
      await mkdir(join(home.runs, run.id, 'code'), { recursive: true })
      await writeFile(join(home.runs, run.id, 'code', `${lab.seams[0]?.seam}.ts`), code)
      await writeFile(join(home.runs, run.id, 'run.json'), JSON.stringify(run))
      runs.unshift(run)
      if (held === undefined) await record(run)
      else held.push(run)
      return running(run)
    },
    get: async (id) => {
      const run = runs.find((one) => one.id === id)
      if (run === undefined) throw new Error(`There is no run ${id}.`)
      if (held?.includes(run) === true) return running(run)
      if (run.verdict === null || !(await labs.holdsStoryBack(lab.id))) return run
      const { story: _held, ...verdict } = run.verdict
      return { ...run, verdict }
    },
    file: async (id, name) => join(home.runs, id, name),
  }
  const others = await more({ home, progress, resources: opened })
  const { url, token } = opened.use(
    await servePage({ ...fake, ...others, labs, editor, runs: control }),
  )
  const { slot, startedAt } = await fake.sandbox.view()
  const dashboard = opened.use(
    await browseDashboard({
      slot,
      pid: process.pid,
      url,
      token,
      runtime: 'local',
      startedAt,
      ephemeral: false,
    }),
  )
  const resources = opened.move()
  return {
    ...dashboard,
    file,
    calls: fake.calls,
    holdChecks: () => {
      held = []
      return async () => {
        const ended = held ?? []
        held = undefined
        for (const run of ended) await record(run)
      }
    },
    [Symbol.asyncDispose]: async () => resources.disposeAsync(),
  }
}

/** Stands for the type checker: `getx` is its only error, and `get` all that it suggests. */
const checker: TextChecker = {
  diagnostics: async (text) => {
    const line = text.split('\n').findIndex((one) => one.includes('getx'))
    const column = (text.split('\n')[line] ?? '').indexOf('getx') + 1
    const diagnostic = {
      line: line + 1,
      column,
      endLine: line + 1,
      endColumn: column + 4,
      severity: 'error',
      message: "Property 'getx' does not exist on type 'ProductCache'.",
      source: 'types',
    } as const
    return { diagnostics: line === -1 ? [] : [diagnostic], tookMs: 1, state: 'ready' }
  },
  completions: async () => ({ items: [{ label: 'get', kind: 'method' }], state: 'ready' }),
  hover: async () => ({ markdown: null, state: 'ready' }),
}

function judged(id: string, lab: Lab, holds: boolean): RunView {
  const outcome = holds ? 'held' : 'violated'
  const check: CheckResult = {
    name: lab.fails,
    title: `${lab.fails} of requests at least 99 %`,
    outcome,
    summary: holds ? '160 of 160 requests succeeded.' : '133 of 160 requests failed.',
    offenders: holds ? [] : [{ id: '#104', expected: 'a response', actual: '500 internal' }],
    offendersTotal: holds ? 0 : 133,
  }
  const verdict: Verdict = {
    outcome,
    headline: check.summary,
    checks: [check],
    reasons: [],
    ...(holds ? {} : { story }),
  }
  const at = new Date().toISOString()
  return {
    id,
    title: lab.title,
    lab: lab.id,
    version: 'mine',
    seed: 7,
    startedAt: at,
    endedAt: at,
    state: 'done',
    outcome,
    headline: verdict.headline,
    phase: null,
    checks: [check],
    verdict,
    error: null,
    folder: `runs/${id}`,
    files: ['report.html'],
  }
}

function running(run: RunView): RunView {
  const open = { outcome: null, verdict: null, endedAt: null, headline: null, checks: [] }
  return { ...run, ...open, state: 'running', phase: 'faults' }
}

const story: Story = {
  about: 'browse request #104',
  headline: '500 internal after 1 attempt and 3 ms',
  lines: [
    { ms: 2_702, who: 'fault', text: 'refuse on api-1:redis begins' },
    { ms: 2_716, who: 'client', text: 'requests product mug from api-1' },
    { ms: 2_719, who: 'client', text: 'receives 500 internal after 3 ms' },
  ],
  expected: 'a success response',
  actual: '500 internal',
}
