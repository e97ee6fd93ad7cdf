/**
 * Base port of the first sandbox on a machine; each further one is {@link portStride} higher. All
 * ports stay below the ephemeral range (32768), where an outgoing connection could occupy a port
 * that a sandbox must listen on.
 */
export const basePort = 20_000
export const portStride = 100
export const sandboxesMax = 100

/** Offset of the controller's API and dashboard from the base port. */
export const controllerPortOffset = 0

/** Offset of the metrics about faults, which Prometheus reads. No process listens there unless telemetry is on. */
export const metricsPortOffset = 90

/**
 * The process that listens here owns the slot. The kernel gives a port to one process only and
 * frees it when that process dies.
 */
export const keeperPortOffset = 99

/** Toxiproxy's own port, for the first sandbox's data plane; each further sandbox takes the next one. */
export const proxyApiPort = 8474

/** Every port that a sandbox in the slot may use, whatever its system is. */
export function portsOfSlot(slot: number): readonly number[] {
  const offsets = Array.from({ length: portStride }, (_, offset) => offset)
  return [proxyApiPort + slot, ...offsets.map((offset) => localPort(slot, offset))]
}

/** The port on 127.0.0.1 of a part of the sandbox in slot `slot` (0 is the first). */
export function localPort(slot: number, portOffset: number): number {
  return basePort + slot * portStride + portOffset
}

/** The workshop host, unless told otherwise. Below the ports of every sandbox. */
export const workshopPort = 19_900
