import { freshSeed } from '#chaos/lib/random.ts'
import { runChecksumSoak } from '#chaos/proxy/soak/checksums.ts'
import { runConnectionSoak } from '#chaos/proxy/soak/connections.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'

const megabytes = 1_000
const connections = 1_000
const minutes = 10
const changesPerSecond = 100
/** What the data plane may have grown to since a fifth of the time had gone by. */
const growthMost = 1.25

/** Every byte right, and nothing broken that no toxic breaks. */
export const linkTasks: readonly Task[] = [
  {
    name: 'links/bytes',
    expected: `${megabytes} MB each way arrive as they were sent, with toxics coming and going`,
    times: 1,
    hash: async () => await contentHash('chaos/proxy'),
    run: async (): Promise<TaskResult> => {
      const seed = freshSeed()
      const { wrong, ...sums } = await runChecksumSoak({ megabytes, connections: 8, seed })
      const detail = `${JSON.stringify(sums)}; seed ${seed}`
      return wrong.length === 0
        ? { ok: true, detail }
        : { ok: false, detail: `${wrong.join('; ')}; ${detail}` }
    },
  },
  {
    name: 'links/connections',
    expected: `${connections} connections for ${minutes} minutes: nothing breaks without a toxic, memory is flat`,
    times: 1,
    hash: async () => await contentHash('chaos/proxy'),
    run: async (): Promise<TaskResult> => {
      const seed = freshSeed()
      const soak = await runConnectionSoak({
        seconds: minutes * 60,
        connections,
        changesPerSecond,
        seed,
      })
      const growth = soak.megabytesLate / soak.megabytesEarly
      const ok = soak.unexplained === 0 && soak.wrong === 0 && growth <= growthMost
      return { ok, detail: `${JSON.stringify(soak)}; grew to ${growth.toFixed(2)}; seed ${seed}` }
    },
  },
]
