import { runtimeKinds } from '#chaos/contracts/runtime.ts'
import type { RuntimeKind } from '#chaos/contracts/runtime.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import type { Home } from '#chaos/home/home.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { basePort, portStride, proxyApiPort } from '#services/topology.ts'

/** How this controller was started. */
export interface ControllerConfig {
  readonly runtime: RuntimeKind
  readonly home: Home
  /** Undefined: the first that is free. */
  readonly slot: number | undefined
  readonly ephemeral: boolean
  /** Where the data plane's API is published; undefined: the topology's port for the slot. */
  readonly proxyPort: number | undefined
  /** Names by which the API may be addressed besides the local ones. */
  readonly hosts: readonly string[]
}

export function readControllerConfig(
  environment: Readonly<Record<string, string | undefined>>,
): ControllerConfig {
  const wanted = environment['UNHAPPY_RUNTIME'] || 'local'
  const runtime = runtimeKinds.find((kind) => kind === wanted)
  if (runtime === undefined)
    throw new InputError(`UNHAPPY_RUNTIME is "${wanted}".`, {
      remedy: `Use ${runtimeKinds.join(' or ')}.`,
    })
  const proxyPort = number(environment, 'UNHAPPY_PROXY_PORT')
  return {
    runtime,
    home: homeAt(environment['UNHAPPY_HOME'] || projectRoot),
    slot: number(environment, 'UNHAPPY_SLOT') ?? slotOfPorts(environment),
    ephemeral: environment['UNHAPPY_EPHEMERAL'] === '1',
    proxyPort: proxyPort === proxyApiPort ? undefined : proxyPort,
    hosts: (environment['UNHAPPY_HOSTS'] ?? '').split(',').filter((name) => name !== ''),
  }
}

/** docker-compose.yml names a slot by the first digits of its ports: `200` is slot 0. */
function slotOfPorts(
  environment: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const ports = number(environment, 'UNHAPPY_PORTS')
  return ports === undefined ? undefined : (ports * 100 - basePort) / portStride
}

function number(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): number | undefined {
  const text = environment[name]
  if (text === undefined || text === '') return undefined
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new InputError(`${name} is "${text}".`, { remedy: 'It is a whole number.' })
}
