import { randomBytes } from 'node:crypto'

import { readAdoption } from '#chaos/adopt/adoption-variable.ts'
import { adoptProject } from '#chaos/adopt/compose/adopt-project.ts'
import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import { systemOfParts } from '#chaos/adopt/system-of-parts.ts'
import { client } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { claimSlot } from '#chaos/runtime/local/keeper/claim-slot.ts'
import { slotCandidates } from '#chaos/runtime/local/slot-candidates.ts'

import type { ControllerConfig } from './config.ts'
import type { ControllerStart } from './start-controller.ts'

type AdoptedStart = Pick<ControllerStart, 'system' | 'labs' | 'opened' | 'flowFolder'>

/** Adopts the system that the variable UNHAPPY_ADOPT names; undefined: it is not set. Throws {@link InputError}. */
export async function openAdopted(
  environment: Readonly<Record<string, string | undefined>>,
  start: {
    readonly config: ControllerConfig
    readonly signal: AbortSignal
    readonly onProgress: (text: string) => void
    readonly onAdopted: (report: AdoptionReport) => void
  },
): Promise<AdoptedStart | undefined> {
  const request = readAdoption(environment)
  if (request === undefined) return undefined
  const adoption = await adoptProject(request, {
    takeSlot: async (topology) => await takeSlot(topology, start.config),
    linksSecret: randomBytes(24).toString('base64url'),
    home: start.config.home.folder,
    clock: systemClock,
    signal: start.signal,
    onProgress: start.onProgress,
    warn: (text) => process.stderr.write(`${text}\n`),
  })
  const { runtime, slot, plan, topology } = adoption
  try {
    start.signal.throwIfAborted()
    start.onAdopted(adoption.report)
  } catch (error) {
    await runtime[Symbol.asyncDispose]()
    throw error
  }
  return {
    system: systemOfParts({ name: plan.project, topology }),
    labs: [],
    flowFolder: request.folder,
    opened: { runtime, slot, supervise: () => leaveToEngine },
  }
}

/** The engine restarts the user's containers by their own restart policies. */
const leaveToEngine = {
  setUp: () => undefined,
  release: async () => undefined,
  takeOver: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
}

/** The claim stays open until this process ends: the kernel frees it even after SIGKILL. */
async function takeSlot(topology: Topology, config: ControllerConfig): Promise<number> {
  const published = topology.links.filter(({ caller }) => caller === client)
  const candidates = slotCandidates({
    topology: { instances: [], stores: [], links: published },
    sandboxFilesFolder: config.home.sandboxes,
    ...(config.slot === undefined ? {} : { slot: config.slot }),
  })
  const claimed = await claimSlot(candidates)
  if ('taken' in claimed)
    throw new InputError(`None of the ${candidates.length} slots is free.`, {
      remedy: `End another sandbox, or the program that listens on port ${claimed.taken[0]?.port}.`,
    })
  claimed.claim.unref()
  return claimed.candidate.slot
}
