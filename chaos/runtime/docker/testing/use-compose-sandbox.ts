import { afterAll, beforeAll } from 'vitest'

import { startComposeSandbox } from './compose-sandbox.ts'
import type { ComposeSandbox, ComposeSandboxOptions } from './compose-sandbox.ts'

/** One sandbox for all tests of a `describe`: started before the first, removed after the last. */
export function useComposeSandbox(options: ComposeSandboxOptions = {}): () => ComposeSandbox {
  let sandbox: ComposeSandbox | undefined
  beforeAll(async () => {
    sandbox = await startComposeSandbox(options)
  })
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]()
  })
  return () => {
    if (sandbox === undefined) throw new Error('the sandbox is not up yet')
    return sandbox
  }
}
