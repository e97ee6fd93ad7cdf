/**
 * Program of a sidecar with access to the engine: it sends one request to the engine when the lease
 * ends. So a pause or a limit ends even if the controller dies. On SIGTERM it exits without a
 * request, because the controller heals the fault itself. It also exits when the container of the
 * instance is removed. Imports only Node's own modules: it must start before the fault does.
 */
import { request } from 'node:http'

/** The end of a fault on one container. */
export interface LeaseKeeperTask {
  readonly leaseMs: number
  /** Id of the container. */
  readonly container: string
  /** Resource settings to restore; absent: the container is resumed. */
  readonly update?: object
}

const attemptsMax = 40
const retryAfterMs = 250
const answersWithinMs = 2_000

const task = JSON.parse(process.argv[2] ?? '') as LeaseKeeperTask
const engine = new URL(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock')

process.on('SIGTERM', () => process.exit(0))
setTimeout(() => void keep(), task.leaseMs)
post('wait?condition=removed', {}).then(
  () => process.exit(0),
  () => undefined, // the connection broke: the lease still counts
)
process.stdout.write('ready\n')

async function keep(): Promise<void> {
  const [action, body] =
    task.update === undefined ? ['unpause', {}] : (['update', task.update] as const)
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const answer = await post(action, body, answersWithinMs).catch(() => undefined)
    // Below 500 no retry is needed: the request succeeded, the container is gone, or it is no
    // longer paused. Some engines answer the last case with 500.
    if (answer !== undefined && (answer.status < 500 || /not paused/i.test(answer.text)))
      process.exit(0)
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs))
  }
  process.exit(1)
}

async function post(
  action: string,
  body: object,
  timeoutMs?: number,
): Promise<{ status: number; text: string }> {
  const where =
    engine.protocol === 'unix:'
      ? { socketPath: engine.pathname }
      : { host: engine.hostname, port: engine.port || 2375 }
  const json = JSON.stringify(body)
  return await new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...where,
        // The default agent closes a socket after five idle seconds; `wait` is idle.
        agent: false,
        method: 'POST',
        path: `/containers/${task.container}/${action}`,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) },
        ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('the engine does not answer')))
    outgoing.on('error', reject)
    outgoing.end(json)
  })
}
