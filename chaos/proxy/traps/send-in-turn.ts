import type { Exchange } from './exchange.ts'
import type { Side } from './side.ts'

/**
 * Sends the reply to a request that overtook another one, or was overtaken, in the caller's sequence. False for every other
 * message.
 */
export function sendInTurn(exchange: Exchange, side: Side, parts: readonly Buffer[]): boolean {
  if (exchange.turn !== undefined) {
    exchange.turn.fill(parts)
    return true
  }
  if (side.stream !== 'downstream' || exchange.overtook === undefined) return false
  exchange.overtook.turn = side.outbox.reserve()
  for (const part of parts) side.forward(part)
  return true
}
