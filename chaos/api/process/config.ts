import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

import { basePort, portStride, proxyApiPort } from '#chaos/contracts/ports.ts'
import { runtimeKinds } from '#chaos/contracts/runtime.ts'
import type { RuntimeKind } from '#chaos/contracts/runtime.ts'
import { showsAllLabs } from '#chaos/exercise/locks.ts'
import { homeAt, usersFolder } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { shortened } from '#chaos/lib/excerpt.ts'
import type { TelemetryConfig } from '#chaos/telemetry/open-telemetry.ts'

/** The settings of one controller, from its environment variables. */
export interface ControllerConfig {
  readonly runtime: RuntimeKind
  readonly home: Home
  /** Undefined: the first free slot. */
  readonly slot: number | undefined
  /** Started for one command. */
  readonly ephemeral: boolean
  /** Code that is not trusted runs in the sandbox: set by `lab grade`. */
  readonly grading: boolean
  /** The published port of the data plane's API; undefined: the topology's port for the slot. */
  readonly proxyPort: number | undefined
  /** Every part of every lab is unlocked: for instructors. */
  readonly showAllLabs: boolean
  /** Host names that requests may use in addition to 127.0.0.1, localhost and [::1]. */
  readonly hosts: readonly string[]
  /** The address that the API listens on. Undefined: the runtime's default. */
  readonly address: string | undefined
  /** A Unix socket on which the API listens in addition. Undefined: there is none. */
  readonly socket: string | undefined
  /** The path under which a proxy serves the API: starts and ends with a slash. */
  readonly basePath: string
  /** The secret of the sandbox file. Undefined: a random one. */
  readonly token: string | undefined
  /** A file with a secret that opens the page always: see {@link readKey}. */
  readonly keyFile: string | undefined
  readonly telemetry: TelemetryConfig
}

/** Throws {@link InputError} for a variable that is not valid. */
export function readControllerConfig(
  environment: Readonly<Record<string, string | undefined>>,
): ControllerConfig {
  const wanted = environment['UNHAPPY_RUNTIME'] || 'local'
  const runtime = runtimeKinds.find((kind) => kind === wanted)
  if (runtime === undefined)
    throw new InputError(`UNHAPPY_RUNTIME is "${shortened(wanted)}", which is not a runtime.`, {
      remedy: `Set it to ${runtimeKinds.join(' or ')}.`,
    })
  const proxyPort = readNumber(environment, 'UNHAPPY_PROXY_PORT')
  return {
    runtime,
    home: homeAt(environment['UNHAPPY_HOME'] || usersFolder),
    slot: readNumber(environment, 'UNHAPPY_SLOT') ?? slotOfPorts(environment),
    ephemeral: environment['UNHAPPY_EPHEMERAL'] === '1',
    grading: environment['UNHAPPY_GRADING'] === '1',
    proxyPort: proxyPort === proxyApiPort ? undefined : proxyPort,
    showAllLabs: showsAllLabs(environment),
    hosts: (environment['UNHAPPY_HOSTS'] ?? '').split(',').filter((name) => name !== ''),
    address: readAddress(environment),
    socket: environment['UNHAPPY_SOCKET'] || undefined,
    basePath: readBasePath(environment),
    token: readSecret('UNHAPPY_TOKEN', environment['UNHAPPY_TOKEN'] || undefined),
    keyFile: environment['UNHAPPY_KEY_FILE'] || undefined,
    telemetry: {
      endpoint: readEndpoint(environment),
      metrics: environment['UNHAPPY_METRICS'] === '1',
    },
  }
}

/** The variable has its usual name in OpenTelemetry: the system's own processes read it too. */
function readEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const url = environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined
  if (url === undefined || /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url
  throw new InputError(`OTEL_EXPORTER_OTLP_ENDPOINT is "${shortened(url)}", which is not a URL.`, {
    remedy: 'Set it to the address of an OTLP receiver, such as http://127.0.0.1:4318.',
  })
}

function readAddress(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const address = environment['UNHAPPY_ADDRESS'] || undefined
  if (address === undefined || isIP(address) > 0) return address
  throw new InputError(`UNHAPPY_ADDRESS is "${shortened(address)}", which is not an IP address.`, {
    remedy: 'Set it to an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all.',
  })
}

function readBasePath(environment: Readonly<Record<string, string | undefined>>): string {
  const path = environment['UNHAPPY_BASE_PATH'] || '/'
  if (/^\/(?:[\w~@-][\w.~@-]*\/)*$/.test(path)) return path
  throw new InputError(`UNHAPPY_BASE_PATH is "${shortened(path)}", which is not a path.`, {
    remedy: 'Set it to a path that starts and ends with a slash, such as /seats/12/.',
  })
}

/** As many characters as a random token has. */
const secretLeast = 32

function readSecret(name: string, secret: string | undefined): string | undefined {
  if (secret === undefined || (secret.length >= secretLeast && /^[\w-]+$/.test(secret)))
    return secret
  throw new InputError(`${name} is not valid.`, {
    remedy: `It must have at least ${secretLeast} random letters, digits, _ and -.`,
  })
}

/** The lasting secret that opens the page of this sandbox. Undefined: there is none. Throws {@link InputError}. */
export async function readKey({
  keyFile,
}: Pick<ControllerConfig, 'keyFile'>): Promise<string | undefined> {
  if (keyFile === undefined) return undefined
  const text = await readFile(keyFile, 'utf8').catch((error: unknown) => {
    throw new InputError(`The file of UNHAPPY_KEY_FILE cannot be read: ${messageOf(error)}.`, {
      remedy: 'Name a file that this user can read.',
    })
  })
  return readSecret(`The key in ${shortened(keyFile)}`, text.trim())
}

/** docker-compose.yml sets the first digits of the ports instead of a slot: `200` is slot 0. */
function slotOfPorts(
  environment: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const ports = readNumber(environment, 'UNHAPPY_PORTS')
  return ports === undefined ? undefined : (ports * 100 - basePort) / portStride
}

/** The largest port. Slots and first digits of ports are smaller. */
const portMax = 65_535

function readNumber(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): number | undefined {
  const text = environment[name]
  if (text === undefined || text === '') return undefined
  if (/^\d{1,5}$/.test(text) && Number(text) <= portMax) return Number(text)
  throw new InputError(`${name} is "${shortened(text)}", which is not valid.`, {
    remedy: `Set it to a whole number from 0 to ${portMax}.`,
  })
}
