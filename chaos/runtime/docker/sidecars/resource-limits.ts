import type { ResourceLimits } from '#chaos/contracts/runtime.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { engineStatusOf } from '../engine/connect-engine.ts'
import type { Container } from '../engine/connect-engine.ts'
import type { Project } from '../project.ts'
import { fillDisk } from './fill-disk.ts'
import { startLeaseKeeper } from './start-lease-keeper.ts'

const cpuPeriod = 100_000
const megabyte = 1024 * 1024
const attemptsMax = 20

/**
 * Limits that the kernel enforces. Each has a keeper that heals it when its lease ends, even if the
 * controller dies.
 */
export function createResourceLimits(project: Project): ResourceLimits {
  const limit = async (
    kind: string,
    name: string,
    leaseMs: number,
    original: object,
    apply: (container: Container) => Promise<void>,
  ): Promise<AsyncDisposable> => {
    const container = await project.container(name)
    const keeper = await startLeaseKeeper(project, kind, name, {
      leaseMs,
      container: container.id,
      update: original,
    })
    const heal = async (): Promise<void> => {
      await container.update(original).catch((error: unknown) => {
        if (engineStatusOf(error) !== 404) throw error
      })
      await keeper.stop()
    }
    try {
      await apply(container)
    } catch (error) {
      await heal()
      throw error
    }
    return { [Symbol.asyncDispose]: heal }
  }
  return {
    supported: new Set(['cpu-limit', 'memory-limit', 'disk-full']),
    limitCpu: async (name, { cores, leaseMs }) => {
      const { NanoCpus, CpuPeriod, CpuQuota } = (await project.inspect(name)).HostConfig
      // The engine accepts one notation or the other, in whole numbers. 0 means "no change", -1 means "no limit".
      const of = (share: number): object =>
        NanoCpus
          ? { NanoCpus: Math.round(share * 1e9) }
          : { CpuPeriod: cpuPeriod, CpuQuota: Math.round(share * cpuPeriod) }
      const original = NanoCpus
        ? { NanoCpus }
        : { CpuPeriod: CpuPeriod || cpuPeriod, CpuQuota: CpuQuota || -1 }
      return await limit('cpu-limit', name, leaseMs, original, async (container) => {
        await container.update(of(cores))
      })
    },
    limitMemory: async (name, { bytes, leaseMs }) => {
      const { Memory, MemorySwap } = (await project.inspect(name)).HostConfig
      const original = Memory ? { Memory, MemorySwap } : await allMemory(project)
      return await limit('memory-limit', name, leaseMs, original, async (container) => {
        await limitMemory(container, bytes)
      })
    },
    fillDisk: async (name, request) => await fillDisk(project, name, request),
  }
}

/** The engine cannot remove a limit of a container that runs. One above the memory of its machine has the same effect. */
async function allMemory({ docker }: Project): Promise<object> {
  const { MemTotal: total } = (await docker.info()) as { readonly MemTotal: number }
  // The engine takes -1 as no change. The limit with swap would stay, and the kernel refuses a higher one without swap.
  return { Memory: total, MemorySwap: 2 * total }
}

/**
 * With cgroups version 2 the kernel immediately kills a process that uses more than the new limit.
 * Version 1 refuses such a limit. There the limit is set just above the usage, and the process is
 * killed when it grows: the same kill, a little later.
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
