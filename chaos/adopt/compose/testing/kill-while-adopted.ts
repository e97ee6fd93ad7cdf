import { setTimeout as sleep } from 'node:timers/promises'

import type { Random } from '#chaos/lib/random.ts'

import { controllerPid } from './foreign-project.ts'
import type { ForeignProject } from './foreign-project.ts'

const victims = ['controller', 'links', 'controller and links'] as const

const reachedWithinMs = 5_000
const latestMs = 3_000
const askEveryMs = 250

export interface KilledAdoption {
  /** What received SIGKILL, and how long after the adoption. */
  readonly killed: string
  /** Milliseconds until a new request reached the real stores. */
  readonly reachedAfterMs: number
  /** What is wrong; empty: nothing. */
  readonly wrong: readonly string[]
}

/**
 * Adopts the project, kills the controller or the links or both at a random moment, and releases it. New requests must reach the real
 * stores soon, no container may start again, and nothing of ours may be left.
 */
export async function killWhileAdopted(
  foreign: ForeignProject,
  round: number,
  random: Random,
): Promise<KilledAdoption> {
  const before = await foreign.containers()
  const adopted = JSON.parse(await foreign.unhappy('adopt', '--detach', '--json')) as {
    readonly slot: number
  }
  const pid = await controllerPid(adopted)
  const victim = victims[round % victims.length] ?? victims[0]
  const afterMs = random.integer(0, latestMs)
  await sleep(afterMs)
  if (victim !== 'links') process.kill(pid, 'SIGKILL')
  if (victim !== 'controller') await foreign.docker('kill', `unhappy-${foreign.name}-links`)
  const reachedAfterMs = await firstAnswer(foreign)
  await foreign.unhappy('release')
  const ours = await foreign.ours()
  const wrong = [
    ...(reachedAfterMs <= reachedWithinMs
      ? []
      : [`reached after ${Math.round(reachedAfterMs)} ms`]),
    ...ours.map((id) => `left: ${id}`),
    ...((await isDirect(foreign)) ? [] : ['after the release, requests do not reach the stores']),
    ...(JSON.stringify(await foreign.containers()) === JSON.stringify(before)
      ? []
      : ['a container was started again or recreated']),
  ]
  return { killed: `SIGKILL of ${victim} after ${afterMs} ms`, reachedAfterMs, wrong }
}

/** How long after now a request begins that reaches both stores. A new request each time: an earlier one may wait for its own timeout. */
async function firstAnswer(foreign: ForeignProject): Promise<number> {
  const fromMs = performance.now()
  const reached = Promise.withResolvers<number>()
  const ask = (): void => {
    const askedAtMs = performance.now() - fromMs
    if (askedAtMs > 4 * reachedWithinMs) reached.resolve(Infinity)
    void foreign.ask().then(
      (answer) => reachesStores(answer) && reached.resolve(askedAtMs),
      () => undefined,
    )
  }
  ask()
  const timer = setInterval(ask, askEveryMs)
  try {
    return await reached.promise
  } finally {
    clearInterval(timer)
  }
}

async function isDirect(foreign: ForeignProject): Promise<boolean> {
  const answer = await foreign.ask()
  return reachesStores(answer) && !JSON.stringify(answer).includes(' 10.231.')
}

function reachesStores({ cache, db }: Awaited<ReturnType<ForeignProject['ask']>>): boolean {
  return cache.startsWith('+PONG') && db.startsWith('N ')
}
