/** A minimal service: health, seams, its environment, and ways to fail. */
import { createServer } from 'node:http'

const { INSTANCE = '', HOST = '', PORT = '', MODE = '' } = process.env

if (MODE === 'broken') {
  process.stderr.write(`${INSTANCE}: reserve-stock.ts has no function named reserveStock.\n`)
  process.exit(78)
}
if (MODE === 'crash') throw new Error('cannot go on')
if (MODE === 'deaf') process.on('SIGTERM', () => undefined)
else process.on('SIGTERM', () => process.exit(0))

const server = createServer((request, response) => {
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  switch (request.url) {
    case '/health/live':
      return answer(200, { instance: INSTANCE, live: true })
    case '/health/ready':
      return answer(MODE === 'unready' ? 503 : 200, { instance: INSTANCE })
    case '/seams':
      return answer(200, { instance: INSTANCE, seams: [] })
    case '/environment':
      return answer(200, process.env)
    case '/exit':
      return process.exit(3)
    default:
      return answer(404, {})
  }
})
server.listen(Number(PORT), HOST, () => {
  process.stdout.write(
    `${JSON.stringify({ level: 30, time: Date.now(), msg: `${INSTANCE} up` })}\n`,
  )
})
