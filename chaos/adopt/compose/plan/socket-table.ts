/** One line of `/proc/net/tcp` or `/proc/net/tcp6`. Addresses of IPv4 in IPv6 are IPv4. */
export interface SocketEntry {
  readonly state: 'listening' | 'open'
  readonly local: SocketEnd
  readonly remote: SocketEnd
}

export interface SocketEnd {
  readonly address: string
  readonly port: number
}

const states: Readonly<Record<string, SocketEntry['state']>> = { '0A': 'listening', '01': 'open' }

/** Listening and established sockets in the text of `/proc/net/tcp` and `/proc/net/tcp6`. Other lines are ignored. */
export function parseSocketTable(text: string): readonly SocketEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', remote = '', code = ''] = line.trim().split(/\s+/)
    const state = states[code]
    const [from, to] = [parseEnd(local), parseEnd(remote)]
    return state === undefined || from === undefined || to === undefined
      ? []
      : [{ state, local: from, remote: to }]
  })
}

/** Ports on which other containers reach the process: sockets of the loopback device do not count. */
export function listeningPorts(table: readonly SocketEntry[]): readonly number[] {
  const ports = table.flatMap(({ state, local: { address, port } }) =>
    state === 'listening' && !isLoopback(address) ? [port] : [],
  )
  return [...new Set(ports)].toSorted((a, b) => a - b)
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

function parseEnd(text: string): SocketEnd | undefined {
  const match = /^((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})$/i.exec(text)
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  const port = Number.parseInt(match[2], 16)
  // The kernel writes each word of four bytes in the order of the machine: little-endian.
  const words = match[1].match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => Array.from(Buffer.from(word, 'hex')).toReversed())
  return { address: addressOf(bytes), port }
}

function addressOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0)
  if (isMapped && bytes[10] === 0xff && bytes[11] === 0xff) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  )
  return canonicalIpv6(groups.join(':'))
}

/** An IPv6 address in its one short form, `fd00::2`, so that two texts of it are equal. Empty: empty, or not an address. */
export function canonicalIpv6(address = ''): string {
  const url = `http://[${address}]/`
  return address !== '' && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : ''
}
