import { fileURLToPath } from 'node:url'

import { createSandbox } from '#chaos/engine/sandbox.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { startLocalRuntime } from '#chaos/runtime/local/index.ts'

import { XraySandbox, type XraySetup } from './xray-sandbox.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export interface OpenXraySandboxes extends AsyncDisposable {
  readonly stacks: readonly XraySandbox[]
}

/**
 * Starts sandboxes of their own for an X-ray, side by side, each with its own stores, links and shop. Nobody else uses
 * them: their processes are killed a hundred times. Disposing takes them down.
 */
export async function openXraySandboxes(options: {
  readonly count: number
  readonly setup: Omit<XraySetup, 'tag'>
  readonly clock: Clock
  onProgress?(text: string): void
}): Promise<OpenXraySandboxes> {
  const { count, setup, clock } = options
  await using owned = new AsyncDisposableStack()
  const stacks: XraySandbox[] = []
  // One after the other: what the first one fetches or compiles is there for the others, and no slot is asked for twice.
  for (let i = 0; i < count; i++) {
    options.onProgress?.(count === 1 ? 'starting a shop' : `starting shop ${i + 1} of ${count}`)
    const runtime = owned.use(
      await startLocalRuntime({
        projectRoot,
        clock,
        signal: setup.signal,
        progress: (text) => options.onProgress?.(text),
      }),
    )
    const links = createLinkControl(runtime.addresses.proxyUrl)
    const sandbox = owned.use(await createSandbox({ runtime, links, clock, seed: 1 }))
    const stack = new XraySandbox(sandbox, { ...setup, tag: `x${i + 1}` })
    owned.defer(() => stack.recorder[Symbol.dispose]())
    stacks.push(stack)
  }
  options.onProgress?.('setting short timers')
  await Promise.all(stacks.map((stack) => stack.prepare()))
  const all = owned.move()
  return { stacks, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
