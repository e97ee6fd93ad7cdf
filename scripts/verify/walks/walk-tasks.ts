import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { launchBrowser } from '#chaos/dashboard/testing/browser.ts'
import { projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskContext, TaskResult } from '../task.ts'
import { keyboardLearner } from './keyboard-learner.ts'
import { labPlans } from './lab-plans.ts'
import type { Learner } from './learner.ts'
import { mouseLearner } from './mouse-learner.ts'
import { walkLab } from './walk-lab.ts'
import { openWalkSandbox } from './walk-sandbox.ts'
import type { WalkSandbox } from './walk-sandbox.ts'

interface Walk {
  readonly runtime: 'local' | 'docker' | 'seat'
  readonly input: Learner['name']
  readonly width: number
  readonly height: number
  readonly colorScheme: 'light' | 'dark'
}

/** For one action, also on a busy machine. */
const actionMs = 120_000

const learners = { keyboard: keyboardLearner, mouse: mouseLearner }

/** On the largest layout and on the smallest, where most of the page is out of view. */
export const walkTasks: readonly Task[] = walksIn('local')
export const dockerWalkTasks: readonly Task[] = [
  ...walksIn('docker'),
  walkTask({ runtime: 'seat', input: 'mouse', width: 1280, height: 800, colorScheme: 'light' }),
]

function walksIn(runtime: Walk['runtime']): readonly Task[] {
  return [
    walkTask({ runtime, input: 'keyboard', width: 1600, height: 1000, colorScheme: 'dark' }),
    walkTask({ runtime, input: 'mouse', width: 1280, height: 800, colorScheme: 'light' }),
    ...(runtime === 'docker'
      ? []
      : [walkTask({ runtime, input: 'mouse', width: 390, height: 844, colorScheme: 'dark' })]),
  ]
}

/**
 * A learner goes through two labs in a fresh sandbox, from the first page to `held`, with one kind of input. Pictures of every
 * state are in `.unhappy/walks`.
 */
function walkTask(walk: Walk): Task {
  return {
    name: `page/walks/${walk.runtime}/${walk.input}-${walk.width}`,
    expected: `${labPlans.map(({ lab }) => lab.id).join(' and ')} from start to held`,
    times: 1,
    hash: async () => {
      // The names of the built files are hashes of their contents.
      const built = await readFile(join(projectRoot, 'chaos/dashboard/dist/index.html'), 'utf8')
      return `${await contentHash('chaos', 'services', 'labs', 'docker-compose.yml')} ${built}`
    },
    run: async (context) => await runWalk(walk, context),
  }
}

async function runWalk(walk: Walk, { signal }: TaskContext): Promise<TaskResult> {
  const folder = join(
    projectRoot,
    '.unhappy',
    'walks',
    `${walk.runtime}-${walk.input}-${walk.width}`,
  )
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await using sandbox = await openWalkSandbox(walk.runtime, signal)
  const browser = await launchBrowser()
  try {
    return await walkLabs(walk, { browser, folder, sandbox })
  } finally {
    await browser.close()
  }
}

async function walkLabs(
  { input, width, height, colorScheme }: Walk,
  at: { readonly browser: Browser; readonly folder: string; readonly sandbox: WalkSandbox },
): Promise<TaskResult> {
  const page = await at.browser.newPage({ viewport: { width, height }, colorScheme })
  page.setDefaultTimeout(actionMs)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  const entered = await at.sandbox.enter(page)
  await page.locator('main h1, main h2').first().waitFor()
  const learner = learners[input](page)
  const times: string[] = []
  let pictures = 0
  for (const plan of labPlans) {
    const { id } = plan.lab
    const startedAt = systemClock.now()
    const seen = async (state: string): Promise<void> => {
      pictures += 1
      const name = `${String(pictures).padStart(2, '0')}-${id}-${state}`
      await page.screenshot({ path: join(at.folder, `${name}.png`) })
      for (const problem of await problemsOf(page)) problems.push(`${id}, ${state}: ${problem}`)
    }
    try {
      await walkLab(page, learner, plan, seen)
    } catch (error) {
      await page.screenshot({ path: join(at.folder, `${id}-failed.png`) })
      throw error
    }
    times.push(`${id} in ${((systemClock.now() - startedAt) / 1_000).toFixed(0)} s`)
  }
  const all = [...new Set([...problems, ...learner.problems()])]
  const what = `${[...(entered === undefined ? [] : [entered]), ...times].join(', ')}; ${pictures} pictures in ${at.folder}`
  return { ok: all.length === 0, detail: [what, ...all].join('; ') }
}

/** What every state must satisfy. The browser test of the lab page asks axe, too. */
async function problemsOf(page: Page): Promise<readonly string[]> {
  const overflow = await page
    .locator('html')
    .evaluate((root) => root.scrollWidth - root.clientWidth)
  return overflow > 0 ? [`the page is ${overflow} pixels too wide`] : []
}
