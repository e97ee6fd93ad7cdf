import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { parse } from 'yaml'

import { whyNoDocker } from '#chaos/runtime/docker/testing/why-no-docker.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'
import { classSources, settingsOf, stackFileOf } from './deploy-class.ts'
import { stackProblems } from './stack-problems.ts'
import type { Stack } from './stack-problems.ts'

const sizes = [1, 30, 200]
const run = promisify(execFile)

/** The CLI of Docker reads the stack file as `docker stack deploy` would. No engine runs it. */
export const stackFileTask: Task = {
  name: 'swarm/stack-file',
  expected: `valid for ${sizes.join(', ')} seats`,
  ...(whyNoDocker() === undefined ? {} : { needs: 'Docker with its CLI' }),
  times: 1,
  hash: async () => await contentHash(...classSources),
  run: async ({ signal }): Promise<TaskResult> => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-stack-'))
    try {
      const problems: string[] = []
      for (const seats of sizes) {
        await writeFile(join(folder, 'stack.yml'), stackFileOf(seats))
        const settings = Object.entries(settingsOf('/srv/unhappy')).map(([k, v]) => `${k}=${v}`)
        const config = ['docker', 'stack', 'config', '--compose-file', 'stack.yml']
        const { stdout } = await run('env', [...settings, ...config], { cwd: folder, signal })
        const found = stackProblems(parse(stdout) as Stack, seats)
        problems.push(...found.map((problem) => `${seats} seats: ${problem}`))
      }
      return {
        ok: problems.length === 0,
        detail: [`${sizes.length} files`, ...problems].join('; '),
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
