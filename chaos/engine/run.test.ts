import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { createFakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import type { FakeRuntime } from '#chaos/faults/testing/fake-runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { runScenario } from './run.ts'
import type { RunRequest } from './run/run-request.ts'
import type { Sandbox } from './sandbox.ts'
import { parseScenario } from './scenario/parse-scenario.ts'
import { createFakeSandbox } from './testing/fake-sandbox.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-run-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

const scenario = parseScenario(
  'title: t\nworkload: { browse: 1/s, duration: 1s }\nexpect: [no-lost-orders]\n',
  { file: 'scenario.yaml', system },
)
const never = (signal?: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal?.reason as Error)
    if (signal?.aborted === true) abort()
    signal?.addEventListener('abort', abort)
  })

/** A sandbox whose first preparation ends only with its signal. Later starts work: they heal. */
async function preparing(): Promise<{ sandbox: Sandbox; runtime: FakeRuntime }> {
  const runtime = createFakeRuntime()
  const resume: FakeRuntime['resume'] = async (name, { signal }) => {
    runtime.calls.push(`resume ${name}`)
    if (signal !== undefined) await never(signal)
  }
  const { sandbox } = await createFakeSandbox({}, { runtime: { ...runtime, resume } })
  return { sandbox, runtime }
}

function run(sandbox: Sandbox, folder: string, more: Partial<RunRequest>) {
  const signal = new AbortController().signal
  return runScenario(sandbox, { id: 'r1', scenario, seed: 1, folder, signal, ...more })
}

const healed = (runtime: FakeRuntime) => runtime.calls.filter((call) => call === 'start api-1')

test('a preparation that fails aborts the probes, and waits for their end before it heals', async ({
  folder,
}) => {
  const { sandbox, runtime } = await createFakeSandbox()
  runtime.broken.add('kill api-1')
  const running = run(sandbox, folder, {
    probeContract: async (signal) => {
      await never(signal).catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
      runtime.calls.push('probes ended')
      return undefined
    },
  })
  await expect(running).rejects.toThrow('kill api-1 failed')
  const [kill, ended, start] = ['kill api-1', 'probes ended', 'start api-1'].map((call) =>
    runtime.calls.indexOf(call),
  )
  expect(kill).toBeLessThan(ended ?? -1)
  expect(ended).toBeLessThan(start ?? -1)
  await sandbox[Symbol.asyncDispose]()
})

test('probes that fail abort the preparation, which is healed', async ({ folder }) => {
  const { sandbox, runtime } = await preparing()
  const error = new InputError('The file cannot be loaded.')
  const running = run(sandbox, folder, {
    probeContract: async () => {
      await expect.poll(() => runtime.calls).toContain('resume postgres')
      throw error
    },
  })
  await expect(running).rejects.toBe(error)
  expect(healed(runtime)).toHaveLength(1)
  expect(runtime.calls).not.toContain('kill api-1')
  await sandbox[Symbol.asyncDispose]()
})

test('the abort of a run ends its probes and its preparation, with the reason', async ({
  folder,
}) => {
  const { sandbox, runtime } = await preparing()
  const abort = new AbortController()
  const reason = new InputError('The run was aborted.')
  const ended: unknown[] = []
  const running = run(sandbox, folder, {
    signal: abort.signal,
    probeContract: async (signal) => {
      try {
        return await never(signal)
      } finally {
        ended.push(signal.reason)
      }
    },
  })
  await expect.poll(() => runtime.calls).toContain('resume postgres')
  abort.abort(reason)
  await expect(running).rejects.toBe(reason)
  expect(ended).toEqual([reason])
  expect(healed(runtime)).toHaveLength(1)
  await sandbox[Symbol.asyncDispose]()
})

test('a run that is aborted before it begins changes nothing', async ({ folder }) => {
  const { sandbox, runtime } = await createFakeSandbox()
  const reason = new Error('halted')
  const probeContract = async () => expect.unreachable()
  const signal = AbortSignal.abort(reason)
  await expect(run(sandbox, folder, { signal, probeContract })).rejects.toBe(reason)
  expect(runtime.calls).toEqual([])
  await sandbox[Symbol.asyncDispose]()
})

test('the result of the probes is in the journal during the preparation', async ({ folder }) => {
  const { sandbox } = await preparing()
  const abort = new AbortController()
  const check = {
    name: 'contract',
    title: 'promises',
    outcome: 'held',
    summary: '',
    offenders: [],
    offendersTotal: 0,
  } as const
  const running = run(sandbox, folder, { signal: abort.signal, probeContract: async () => check })
  const seen = () =>
    sandbox.journal
      .since(0)
      .flatMap((event) =>
        event.type === 'phase'
          ? [`${event.phase} ${event.what}`]
          : event.type === 'check'
            ? [event.check.name]
            : [],
      )
  await expect.poll(seen).toContain('contract')
  abort.abort(new Error('seen'))
  await expect(running).rejects.toThrow('seen')
  expect(seen()).toEqual(['prepare began', 'contract'])
  await sandbox[Symbol.asyncDispose]()
})
