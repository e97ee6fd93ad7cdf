import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createGarbageCollector } from './garbage-collector.ts'
import { readUsage } from './soak/process-usage.ts'

/** A process whose garbage is 80 MB. */
const wasteful = `
  for (let i = 0; i < 80; i++) globalThis.kept = [...(globalThis.kept ?? []), Buffer.alloc(1e6, 1)]
  globalThis.kept = undefined
  console.log('ready')
  setInterval(() => undefined, 1_000)`

/** Where every Node process opens its inspector: only one of them at a time. */
const isFree = await fetch('http://127.0.0.1:9229').then(
  () => false,
  () => true,
)

test.runIf(process.platform === 'linux' && isFree)(
  'a Node process collects its garbage, again and again; another program gets no signal',
  async () => {
    const child = spawn(process.execPath, ['-e', wasteful], { stdio: ['ignore', 'pipe', 'ignore'] })
    const other = spawn('sleep', ['60'])
    try {
      await once(child.stdout, 'data')
      const process = { name: 'child', pid: child.pid ?? 0 }
      const before = (await readUsage([process])).get(process)?.megabytes ?? 0
      using garbage = createGarbageCollector(systemClock)
      for (let i = 0; i < 3; i++) {
        const inUse = await garbage.collect(process.pid)
        expect(inUse).toBeGreaterThan(1)
        expect(inUse).toBeLessThan(20)
      }
      const after = (await readUsage([process])).get(process)?.megabytes ?? 0
      expect(before - after).toBeGreaterThan(60)
      expect(await garbage.collect(other.pid ?? 0)).toBeUndefined()
      expect(other.signalCode).toBeNull()
    } finally {
      child.kill('SIGKILL')
      other.kill('SIGKILL')
    }
  },
)
