/**
 * Runs in a sidecar with the engine's socket: makes one request to the engine when the lease is over. It is what ends a
 * pause or a limit when the controller is dead. Told to stop (SIGTERM), it ends without doing anything: then the
 * controller undoes the fault itself. It also ends when its container is removed: then there is nothing left to undo.
 *
 * Only Node's own modules: it has to be there before the fault is.
 */
import { request } from 'node:http'

import type { LeaseKeeperTask } from './lease-keeper-task.ts'

const attemptsMax = 40
const retryAfterMs = 250
const answersWithinMs = 2_000

const order = JSON.parse(process.argv[2] ?? '') as LeaseKeeperTask
const engine = new URL(process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock')

process.on('SIGTERM', () => process.exit(0))
setTimeout(() => void keep(), order.leaseMs)
post('wait?condition=removed', {}).then(
  () => process.exit(0),
  () => undefined, // the engine went away: the lease is still there
)
process.stdout.write('ready\n')

async function keep(): Promise<void> {
  const [action, body] =
    order.update === undefined ? ['unpause', {}] : (['update', order.update] as const)
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const answer = await post(action, body, answersWithinMs).catch(() => undefined)
    // Below 500 there is nothing more to do: done, or the container is gone, or it is not paused any more. Some engines
    // answer the last with 500.
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
        // The default agent ends what is quiet for five seconds; waiting is quiet.
        agent: false,
        method: 'POST',
        path: `/containers/${order.container}/${action}`,
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
