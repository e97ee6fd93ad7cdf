import path from 'node:path'

import { InputError } from '#chaos/lib/errors.ts'
import {
  controllerPortOffset,
  instances,
  keeperPortOffset,
  links,
  localPort,
  proxyApiPort,
  sandboxesMax,
  stores,
} from '#services/topology.ts'

import type { SlotCandidate } from './keeper/keeper-requests.ts'

/**
 * The slots to try, in order, each with every port of its sandbox. Throws {@link InputError} for a
 * number that is not a slot.
 */
export function slotCandidates(options: {
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
  const slots = slot === undefined ? Array.from({ length: sandboxesMax }, (_, i) => i) : [slot]
  const offsets = [...instances, ...stores, ...links].map(({ portOffset }) => portOffset)
  return slots.map((slot) => ({
    slot,
    claimPort: localPort(slot, keeperPortOffset),
    ports: [
      proxyApiPort + slot,
      ...[controllerPortOffset, ...offsets].map((offset) => localPort(slot, offset)),
    ],
    ...(sandboxFilesFolder === undefined
      ? {}
      : { sandboxFile: path.join(sandboxFilesFolder, `${slot}.json`) }),
  }))
}
