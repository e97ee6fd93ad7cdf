import { parseAddress, formatAddress, resolveAddress, type TcpAddress } from './address.ts'
import { DataPlaneError } from './data-plane-error.ts'

/**
 * The IP address and port that `text` (`localhost:3310`, `:3310`) means; `defaultHost` replaces a missing host. Throws a
 * {@link DataPlaneError} (500) with the text of the official server. That text begins with `listen tcp: ` only when a
 * listener starts, so the caller passes it as `prefix`.
 */
export async function resolveListenAddress(
  text: string,
  defaultHost: string,
  prefix = '',
): Promise<TcpAddress> {
  const address = parseAddress(text)
  if (address === undefined)
    throw new DataPlaneError(500, `${prefix}address ${text}: missing port in address`, {
      plain: `cannot listen on "${text}": it is not host:port`,
      remedy: 'Write host:port, for example 127.0.0.1:3310.',
    })
  const host = address.host || defaultHost
  try {
    return await resolveAddress({ host, port: address.port })
  } catch {
    throw new DataPlaneError(500, `${prefix}lookup ${host}: no such host`, {
      plain: `cannot listen on ${text}: the host "${host}" has no address`,
      remedy: 'Give an address of this machine, for example 127.0.0.1.',
    })
  }
}

/** The official server's words for a failed listener, and ours. */
const reasons: Readonly<Record<string, readonly [go: string, plain: string, remedy: string]>> = {
  EADDRINUSE: [
    'bind: address already in use',
    'the address is already in use',
    'Give another `listen` address, or end the process that uses this one.',
  ],
  EADDRNOTAVAIL: [
    'bind: cannot assign requested address',
    'the address does not belong to this machine',
    'Give an address of this machine, for example 127.0.0.1.',
  ],
  EACCES: [
    'bind: permission denied',
    'the system does not allow this port',
    'Give a port above 1023.',
  ],
}

/** Why a listener on this resolved address did not start. */
export function listenError(address: TcpAddress, error: NodeJS.ErrnoException): DataPlaneError {
  const text = formatAddress(address)
  const [go, plain, remedy] = reasons[error.code ?? ''] ?? [
    error.message,
    error.message,
    'Give another `listen` address.',
  ]
  return new DataPlaneError(500, `listen tcp ${text}: ${go}`, {
    plain: `cannot listen on ${text}: ${plain}`,
    remedy,
  })
}
