import { StartTimeout } from '#chaos/runtime/start-deadline.ts'

import type { ActingSandbox } from '../act-on-trap.ts'
import { restartInstance } from './restart-instance.ts'

const unchangedMaxMs = 30_000
const readyMaxMs = 180_000
const pollMs = 50
/** An instance that is not ready is started at this look, and again after each further 20. */
const [startAt, startEvery] = [10, 20]

/**
 * Waits until every instance is ready. Starts instances that stay down. Throws when a start has no progress, when the states of
 * the instances do not change for 30 s, and after 3 minutes.
 */
export async function untilReady(acting: Pick<ActingSandbox, 'sandbox' | 'setup'>): Promise<void> {
  const { runtime, clock } = acting.sandbox
  const { signal } = acting.setup
  const fromMs = clock.now()
  let before = ''
  let changedAtMs = fromMs
  for (let look = 0; ; look++) {
    const down = (await runtime.status()).filter(({ state }) => state !== 'ready')
    if (down.length === 0) return
    const states = down.map(({ name, state, pid }) => `${name} is ${state} ${pid ?? ''}`).join()
    if (states !== before) changedAtMs = clock.now()
    before = states
    // A process that a scenario killed stays down until it is started.
    if (look % startEvery === startAt) {
      const startMs = clock.now()
      await Promise.all(down.map(async ({ name }) => await startAgain(acting, name)))
      // A start has a deadline of its own.
      changedAtMs += clock.now() - startMs
    }
    const nowMs = clock.now()
    if (nowMs - changedAtMs > unchangedMaxMs || nowMs - fromMs > readyMaxMs)
      throw new Error(
        `These instances are not ready after ${Math.round((nowMs - fromMs) / 1_000)} s: ${down.map(({ name, state }) => `${name} (${state})`).join(', ')}. Close other programs, or start the sandbox again: unhappy down, then unhappy up`,
      )
    await clock.sleep(pollMs, signal)
  }
}

/**
 * Starts the instance. In an adopted system, one that runs and does not become ready is restarted: a cut connection may have
 * ended the program in it.
 */
async function startAgain(
  { sandbox: { runtime, system }, setup: { signal } }: Pick<ActingSandbox, 'sandbox' | 'setup'>,
  name: string,
): Promise<void> {
  try {
    await runtime.start(name, { by: 'scenario', signal })
  } catch (error) {
    // Another request may end it at the same time. The next status shows it.
    if (!(error instanceof StartTimeout)) return
    if (system.adopted !== true) throw error
    await restartInstance(runtime, name, signal)
  }
}
