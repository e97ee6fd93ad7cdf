import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { readUsage } from './process-usage.ts'

/** A process with some open files and 60 MB of memory. */
const grown = `
  const { openSync } = require('node:fs')
  const kept = Buffer.alloc(60e6, 1)
  for (let i = 0; i < 30; i++) openSync(process.execPath)
  console.log('ready')
  setInterval(() => kept.length, 1_000)`

test.runIf(process.platform === 'linux')(
  'memory and handles of a process are counted, and those of its parent without it',
  async () => {
    const child = spawn(process.execPath, ['-e', grown], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      const pid = child.pid ?? 0
      const [own, other, gone] = [
        { name: 'parent', pid: process.pid },
        { name: 'child', pid },
        { name: 'gone', pid: 2 ** 22 + 1 },
      ] as const
      const apart = await readUsage([own, other, gone])
      expect(apart.get(other)?.megabytes).toBeGreaterThan(60)
      expect(apart.get(other)?.handles).toBeGreaterThan(30)
      expect(apart.has(gone)).toBe(false)
      const together = (await readUsage([own])).get(own)?.handles ?? 0
      expect(together - (apart.get(own)?.handles ?? 0)).toBeGreaterThan(30)
    } finally {
      child.kill('SIGKILL')
    }
  },
)
