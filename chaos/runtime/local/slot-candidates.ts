import path from 'node:path'

import {
  controllerPortOffset,
  keeperPortOffset,
  localPort,
  proxyApiPort,
  sandboxesMax,
} from '#chaos/contracts/ports.ts'
import { portOffsetsOf } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { SlotCandidate } from './keeper/keeper-requests.ts'
import { placeOf, readSandboxFile } from './sandbox-files.ts'

/**
 * The slots to try, in order, each with every port of its sandbox. Throws {@link InputError} for a
 * number that is not a slot, and for a slot of another container or machine: its ports may be free here, but both would
 * write the same sandbox file.
 */
export function slotCandidates(options: {
  readonly topology: Topology
  /** Absent: any slot, from the first on. */
  readonly slot?: number
  /** The project's folder for sandbox files (`<slot>.json`). */
  readonly sandboxFilesFolder?: string
}): SlotCandidate[] {
  const { slot, sandboxFilesFolder } = options
  if (slot !== undefined && !(Number.isInteger(slot) && slot >= 0 && slot < sandboxesMax))
    throw new InputError(`${slot} is not a valid slot.`, {
      remedy: `Use a whole number from 0 to ${sandboxesMax - 1}.`,
    })
  const fileOf = (slot: number): string | undefined =>
    sandboxFilesFolder && path.join(sandboxFilesFolder, `${slot}.json`)
  const foreign = (slot: number): boolean => belongsElsewhere(fileOf(slot))
  if (slot !== undefined && foreign(slot))
    throw new InputError(
      `Slot ${slot} is used by a sandbox of another container or machine (${fileOf(slot)}).`,
      { remedy: 'Use another slot. If that sandbox no longer exists, remove the file.' },
    )
  const all = Array.from({ length: sandboxesMax }, (_, i) => i)
  const slots = slot === undefined ? all.filter((each) => !foreign(each)) : [slot]
  return slots.map((slot) => {
    const sandboxFile = fileOf(slot)
    return {
      slot,
      claimPort: localPort(slot, keeperPortOffset),
      ports: [
        proxyApiPort + slot,
        ...[controllerPortOffset, ...portOffsetsOf(options.topology)].map((offset) =>
          localPort(slot, offset),
        ),
      ],
      ...(sandboxFile === undefined ? {} : { sandboxFile }),
    }
  })
}

function belongsElsewhere(sandboxFile: string | undefined): boolean {
  const content = sandboxFile === undefined ? undefined : readSandboxFile(sandboxFile)
  return content !== undefined && placeOf(content) === 'elsewhere'
}
