import { homedir, tmpdir, userInfo } from 'node:os'

/** Facts about the machine and the user that the local runtime needs. */
export interface HostConfig {
  readonly platform: NodeJS.Platform
  readonly uid: number
  readonly temporaryFolder: string
  /** From UNHAPPY_CACHE. Undefined: the first suitable folder. */
  readonly cacheFolder: string | undefined
  readonly path: string
  /**
   * The environment of every process that the runtime starts. Nothing else of the user's shell
   * reaches the shop.
   */
  readonly baseEnvironment: Readonly<Record<string, string>>
  /** Proxy variables, for programs that download. */
  readonly networkEnvironment: Readonly<Record<string, string>>
}

const proxies = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TMPDIR', 'SSL_CERT_FILE']
/** The processes of the system export their telemetry where the user says. */
const telemetry = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_METRIC_EXPORT_INTERVAL',
]

/**
 * Reads the configuration from the process. The local runtime reads the environment nowhere else.
 */
export function readHostConfig(): HostConfig {
  return {
    platform: process.platform,
    uid: process.getuid?.() ?? userInfo().uid,
    temporaryFolder: tmpdir(),
    cacheFolder: process.env['UNHAPPY_CACHE'] || undefined,
    path: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    baseEnvironment: { HOME: homedir(), ...pick(inherited), ...pick(telemetry), TZ: 'UTC' },
    networkEnvironment: pick(proxies),
  }
}

function pick(names: readonly string[]): Record<string, string> {
  const pairs = names.map((name) => [name, process.env[name]] as const)
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
