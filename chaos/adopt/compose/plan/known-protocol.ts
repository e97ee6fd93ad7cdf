/** How the data plane reads a link. `bytes`: it passes them on and recognises no message. */
export type LinkProtocol = 'http' | 'postgres' | 'redis' | 'bytes'

interface KnownServer {
  /** Matches the name of the image without registry and tag. */
  readonly image: RegExp
  readonly port: number
  readonly protocol: LinkProtocol
}

const servers: readonly KnownServer[] = [
  { image: /postgres|postgis|timescale|pgvector|supabase/, port: 5432, protocol: 'postgres' },
  { image: /pgbouncer|pgcat/, port: 6432, protocol: 'postgres' },
  { image: /redis|valkey|keydb|dragonfly/, port: 6379, protocol: 'redis' },
]

/** Their servers speak first, or their protocols are not read here. A probe would only disturb them. */
const bytesPorts: ReadonlySet<number> = new Set([
  22, 25, 443, 465, 587, 993, 995, 1025, 1433, 3306, 4222, 5671, 5672, 8443, 9042, 9092, 9229,
  11211, 26257, 27017,
])

/** The protocol of a server, from its image and port; undefined: ask the server. */
export function knownProtocol(image: string, port: number): LinkProtocol | undefined {
  const name = repositoryOf(image)
  const known = servers.find((server) => server.image.test(name))
  if (known !== undefined) return port === known.port ? known.protocol : 'bytes'
  // A project that builds its store from a Dockerfile gives the image its own name.
  const standard = servers.find((server) => server.port === port)
  return standard?.protocol ?? (bytesPorts.has(port) ? 'bytes' : undefined)
}

/** The kind of store that the image holds, by its name. */
export function storeKindOf(image: string): 'postgres' | 'redis' | undefined {
  const name = repositoryOf(image)
  const known = servers.find((server) => server.image.test(name) && server.port !== 6432)
  return known?.protocol as 'postgres' | 'redis' | undefined
}

/** `ghcr.io/acme/web:1.2` is `acme/web`. */
function repositoryOf(image: string): string {
  const withoutDigest = image.split('@')[0] ?? image
  const parts = withoutDigest.replace(/:[^/:]+$/, '').split('/')
  const hasRegistry = parts.length > 1 && /[.:]|^localhost$/.test(parts[0] ?? '')
  return (hasRegistry ? parts.slice(1) : parts).join('/')
}
