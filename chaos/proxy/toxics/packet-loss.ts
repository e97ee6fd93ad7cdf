import { type Static, Type } from 'typebox'

import type { Random } from '#chaos/lib/random.ts'

import { DelayLine } from '../time/delay-line.ts'
import { defineToxic } from './lib/toxic-kind.ts'
import { wholeNumberMax } from './lib/whole-number-max.ts'

/** The payload of an Ethernet frame after IP and TCP headers with timestamps. */
const segmentBytes = 1448
/** This many segments after a lost one cause a fast retransmit (RFC 5681). */
const duplicateAcks = 3
const backoffMax = 6

const schema = Type.Object({
  loss_rate: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.1,
    description: 'Share of the segments that are lost, 0 to 1.',
  }),
  correlation: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0,
    description: 'How much one loss makes the next one more likely, 0 to 1.',
  }),
  rto: Type.Integer({
    minimum: 1,
    maximum: wholeNumberMax,
    default: 200,
    description: 'Retransmission timeout, ms; it doubles each time the segment is lost again.',
  }),
  rtt: Type.Integer({
    minimum: 0,
    maximum: wholeNumberMax,
    default: 10,
    description: 'Stall when enough segments follow for a fast retransmit, ms.',
  }),
})

/**
 * Packet loss as an application on TCP sees it: the stream stalls until the lost segment is sent again, and everything
 * after it waits. No byte is missing. The toxic adds these stalls; it loses no real packets.
 */
export const packetLoss = defineToxic({
  type: 'packet_loss',
  description: 'Stalls the stream as TCP does when packets are lost and sent again.',
  look: 'lossy',
  attributes: schema,
  stage: (context) => {
    const line = new DelayLine(context.timers, context)
    const lost = createLossModel(context.random)
    return {
      limitBytes: 1024 * 1024,
      chunk: (chunk) => {
        let dueMs = Math.max(line.lastDueMs, context.timers.now())
        for (let from = 0; from < chunk.length; from += segmentBytes) {
          const following = Math.ceil((chunk.length - from) / segmentBytes) - 1
          const stallMs = stall(context.attributes, lost, following)
          if (stallMs > 0) context.touch()
          dueMs += stallMs
          line.add(chunk.subarray(from, from + segmentBytes), dueMs)
        }
      },
      end: () => line.add(null, line.lastDueMs),
      update: () => line.flush(),
      detach: () => line.flush(),
      destroy: () => line.destroy(),
    }
  },
})

type Settings = Static<typeof schema>

/** By how many milliseconds one segment is late. */
function stall(
  settings: Settings,
  lost: (settings: Settings) => boolean,
  following: number,
): number {
  if (!lost(settings)) return 0
  if (following >= duplicateAcks) return settings.rtt
  let stallMs = settings.rto
  for (let again = 1; again <= backoffMax && lost(settings); again++)
    stallMs += settings.rto * 2 ** again
  return stallMs
}

/** Correlation as in netem: each draw depends in part on the one before. */
function createLossModel(random: Random): (settings: Settings) => boolean {
  let previous = random.next()
  return ({ loss_rate, correlation }) => {
    previous = correlation * previous + (1 - correlation) * random.next()
    return previous < loss_rate
  }
}
