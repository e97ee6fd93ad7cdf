import { freshSeed } from '#chaos/lib/random.ts'
import { runChecksumSoak } from '#chaos/proxy/soak/checksums.ts'
import { runConnectionSoak } from '#chaos/proxy/soak/connections.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'

const megabytes = 1_000
const connections = 1_000
const minutes = 10
const changesPerSecond = 100
/** Limit for memory at the end, as a multiple of the memory after a fifth of the time. */
const growthMax = 1.25

/** The data plane under load: bytes arrive unchanged, and no connection breaks without a toxic. */
export const linkTasks: readonly Task[] = [
  {
    name: 'links/bytes',
    expected: `${megabytes} MB each way arrive unchanged while toxics are added and removed`,
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
    expected: `${connections} connections for ${minutes} minutes: none breaks without a toxic, memory is flat`,
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
      const ok = soak.unexplained === 0 && soak.wrong === 0 && growth <= growthMax
      return { ok, detail: `${JSON.stringify(soak)}; grew to ${growth.toFixed(2)}; seed ${seed}` }
    },
  },
]
