import { createRequire, syncBuiltinESMExports } from 'node:module'
import type * as os from 'node:os'

const require = createRequire(import.meta.url)
/** What tells a container or a service its name. */
const variables = ['HOSTNAME', 'INSTANCE'] as const
const own = {
  pid: process.pid,
  hostname: (require('node:os') as typeof os).hostname,
  environment: variables.map((name) => [name, process.env[name]] as const),
}

/**
 * From now on this process looks like the worker with this number: its id, its host and its
 * environment. Undefined: it looks like itself again.
 */
export function lookLikeWorker(number: number | undefined): void {
  const name = `worker-${number}`
  const { pid, hostname, environment } =
    number === undefined
      ? own
      : {
          pid: 1_000_000_000 + number,
          hostname: () => name,
          environment: variables.map((variable) => [variable, name] as const),
        }
  Object.defineProperty(process, 'pid', { configurable: true, enumerable: true, value: pid })
  Object.assign(require('node:os') as typeof os, { hostname })
  for (const [variable, value] of environment)
    if (value === undefined) delete process.env[variable]
    else process.env[variable] = value
  syncBuiltinESMExports()
}
