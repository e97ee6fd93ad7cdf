import type { ResourceLimits } from '#chaos/contracts/runtime.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { statusOf } from '../engine/connect-engine.ts'
import type { Container } from '../engine/connect-engine.ts'
import type { Project } from '../project.ts'
import { fillDisk } from './fill-disk.ts'
import { startLeaseKeeper } from './start-lease-keeper.ts'

const cpuPeriod = 100_000
const megabyte = 1024 * 1024
const attemptsMax = 20

/** Limits that the kernel keeps. Each has a keeper that lifts it when its lease is over, whoever died. */
export function createResourceLimits(project: Project): ResourceLimits {
  const limit = async (
    kind: string,
    name: string,
    leaseMs: number,
    undo: object,
    apply: (container: Container) => Promise<void>,
  ): Promise<AsyncDisposable> => {
    const container = await project.container(name)
    const keeper = await startLeaseKeeper(project, kind, name, {
      leaseMs,
      container: container.id,
      update: undo,
    })
    const lift = async (): Promise<void> => {
      await container.update(undo).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error
      })
      await keeper.stop()
    }
    try {
      await apply(container)
    } catch (error) {
      await lift()
      throw error
    }
    return { [Symbol.asyncDispose]: lift }
  }
  return {
    supported: new Set(['cpu-limit', 'memory-limit', 'disk-full']),
    limitCpu: async (name, { cores, leaseMs }) => {
      const { NanoCpus } = (await project.inspect(name)).HostConfig
      // The engine takes one notation or the other; 0 would mean "leave it", -1 means "no limit".
      const of = (share: number): object =>
        NanoCpus ? { NanoCpus: share * 1e9 } : { CpuPeriod: cpuPeriod, CpuQuota: share * cpuPeriod }
      const undo = NanoCpus ? { NanoCpus } : { CpuPeriod: cpuPeriod, CpuQuota: -1 }
      return await limit('cpu-limit', name, leaseMs, undo, async (container) => {
        await container.update(of(cores))
      })
    },
    limitMemory: async (name, { bytes, leaseMs }) => {
      const { Memory, MemorySwap } = (await project.inspect(name)).HostConfig
      const undo = { Memory, MemorySwap }
      return await limit('memory-limit', name, leaseMs, undo, async (container) => {
        await limitMemory(container, bytes)
      })
    },
    fillDisk: async (name, order) => await fillDisk(project, name, order),
  }
}

/**
 * With version 2 of control groups the kernel kills at once what uses more than the new limit. Version 1 refuses such a
 * limit; there it goes as low as it can, and the next growth of the process meets it: the same kill, a little later.
 */
async function limitMemory(container: Container, bytes: number): Promise<void> {
  let limit = bytes
  for (let attempt = 1; ; attempt++) {
    try {
      await container.update({ Memory: limit, MemorySwap: limit })
      return
    } catch (error) {
      const usage = /current usage: (\d+)/.exec(messageOf(error))?.[1]
      if (usage === undefined || attempt === attemptsMax) throw error
      limit = Number(usage) + attempt * megabyte
    }
  }
}
