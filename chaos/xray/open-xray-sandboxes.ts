import { fileURLToPath } from 'node:url'

import type { System } from '#chaos/contracts/system.ts'
import { createSandbox } from '#chaos/engine/sandbox.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { startLocalRuntime } from '#chaos/runtime/local/index.ts'

import { XraySandbox, type XraySetup } from './xray-sandbox.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface OpenXraySandboxes extends AsyncDisposable {
  readonly sandboxes: readonly XraySandbox[]
}

/**
 * Starts sandboxes for one X-ray, each with its own stores, links and processes. Nothing else uses them:
 * the X-ray kills their processes many times. Disposing stops them and removes what they wrote.
 */
export async function openXraySandboxes(options: {
  readonly system: System
  readonly count: number
  readonly setup: Omit<XraySetup, 'tag'>
  readonly clock: Clock
  onProgress?(text: string): void
}): Promise<OpenXraySandboxes> {
  const { system, count, setup, clock } = options
  await using owned = new AsyncDisposableStack()
  const sandboxes: XraySandbox[] = []
  // One after the other: later ones reuse what the first one downloads or compiles, and no two ask
  // for the same slot.
  for (let i = 0; i < count; i++) {
    options.onProgress?.(
      count === 1 ? 'starting a sandbox' : `starting sandbox ${i + 1} of ${count}`,
    )
    const runtime = owned.use(
      await startLocalRuntime({
        system,
        projectRoot,
        clock,
        signal: setup.signal,
        progress: (text) => options.onProgress?.(text),
      }),
    )
    const links = createLinkControl(runtime.addresses.proxyUrl)
    const sandbox = owned.use(await createSandbox({ system, runtime, links, clock, seed: 1 }))
    const xraySandbox = new XraySandbox(sandbox, { ...setup, tag: `x${i + 1}` })
    owned.defer(() => xraySandbox.recorder[Symbol.dispose]())
    sandboxes.push(xraySandbox)
  }
  options.onProgress?.(`restarting the ${system.name} with short timers`)
  await Promise.all(sandboxes.map((xraySandbox) => xraySandbox.prepare()))
  const all = owned.move()
  return { sandboxes, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
