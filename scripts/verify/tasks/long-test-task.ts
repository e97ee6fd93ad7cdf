import { spawn } from 'node:child_process'
import { join } from 'node:path'

import { projectRoot } from '#chaos/home/home.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskContext, TaskResult } from '../task.ts'

/** Tests that are too long for the build server: `*.verify.test.ts`. */
export const longTestTask: Task = {
  name: 'tests/verify',
  expected: 'every *.verify.test.ts passes',
  times: 1,
  hash: async () => await contentHash('chaos', 'services'),
  run: async ({ signal }: TaskContext): Promise<TaskResult> => {
    const vitest = join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', '--project', 'verify'], {
      cwd: projectRoot,
      signal,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    const lines = output.split('\n').filter((line) => /Tests |FAIL/.test(line))
    return { ok: code === 0, detail: lines.join('; ').trim() }
  },
}
