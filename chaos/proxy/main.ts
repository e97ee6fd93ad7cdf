import { InputError } from '#chaos/lib/errors.ts'

import { parseProxyFlags } from './flags.ts'
import { runProxy } from './run-proxy.ts'

/**
 * The data plane as a process: `node chaos/proxy/main.ts [-host H] [-port P] [-config FILE] [-seed N] ...`. Environment
 * variables do the same (see flags.ts). When all proxies listen, it prints one JSON line:
 * `{"ready":true,"url":"http://127.0.0.1:8474","proxies":17,"seed":42}`. SIGTERM and SIGINT end it.
 */
try {
  const options = parseProxyFlags(process.argv.slice(2), process.env)
  const proxy = await runProxy(options)
  const { url, seed, plane } = proxy
  console.log(JSON.stringify({ ready: true, url, proxies: plane.links.size, seed }))
  const end = (): void => void proxy[Symbol.asyncDispose]().then(() => process.exit(0))
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
} catch (error) {
  if (!(error instanceof InputError)) throw error
  console.error(error.message)
  if (error.remedy !== undefined) console.error(error.remedy)
  process.exitCode = 3
}
