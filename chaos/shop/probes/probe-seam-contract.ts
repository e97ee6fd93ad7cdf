import { pathToFileURL } from 'node:url'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import { runnableFile } from '#services/runnable-file.ts'
import { exportOf } from '#services/seams.ts'

import { Undecided, inWords } from './contract-probe.ts'
import type { ContractProbe, SeamContract } from './contract-probe.ts'
import { installVirtualTime } from './time/virtual-time.ts'

/**
 * Runs the probes of one seam in this process, one after the other, and reports each result. This process must do nothing
 * else: it replaces timers and clocks, and loads the learner's file.
 */
export async function probeSeamContract(
  seam: string,
  path: string,
  contract: SeamContract<unknown>,
  report: (result: ProbeReport) => void,
): Promise<void> {
  const time = installVirtualTime(contract.time)
  let crash: unknown
  const crashed = (error: unknown): void => {
    crash ??= error
  }
  process.on('uncaughtException', crashed)
  process.on('unhandledRejection', crashed)
  let instances = 0
  const load = async (): Promise<unknown> => {
    // Node loads a module again for each new URL.
    const url = `${pathToFileURL(runnableFile(path)).href}?instance=${(instances += 1)}`
    const module = (await import(url)) as Record<string, unknown>
    return module[exportOf(seam)]
  }
  for (const probe of contract.probes) {
    await time.reset()
    crash = undefined
    const result = await runProbe(probe, { ...time, load, crash: () => crash })
    report({ seam, lab: contract.lab, name: probe.name, promise: probe.promise, ...result })
  }
}

type Tools = Parameters<ContractProbe<unknown>['run']>[0]

async function runProbe(
  probe: ContractProbe<unknown>,
  tools: Tools,
): Promise<Pick<ProbeReport, 'outcome' | 'breach' | 'reason'>> {
  try {
    const breach = await probe.run(tools)
    return breach === undefined ? { outcome: 'held' } : { outcome: 'violated', breach }
  } catch (error) {
    const reason = error instanceof Undecided ? error.message : inWords(error)
    return { outcome: 'undecided', reason }
  }
}
