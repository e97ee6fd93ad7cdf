import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'

import { Pool } from 'pg'

const { DATABASE_URL: connectionString, HOST, PORT } = process.env
const pool = new Pool({ connectionString, connectionTimeoutMillis: 1_000, query_timeout: 1_000 })
// Without listeners, a connection that ends would end this process too.
pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined))
await pool.query('CREATE TABLE IF NOT EXISTS entries (key text PRIMARY KEY, text text NOT NULL)')

async function respond(request: IncomingMessage): Promise<readonly [status: number, body: object]> {
  const route = `${request.method} ${request.url}`
  if (route.startsWith('GET /health/')) return [200, {}]
  if (route === 'GET /entries/count')
    return [200, (await pool.query('SELECT count(*)::integer FROM entries')).rows]
  const key = request.headers['idempotency-key']
  if (route !== 'POST /entries' || typeof key !== 'string') return [404, {}]
  await writeEntry(key, ((await json(request)) as { text: string }).text)
  return [201, { key }]
}

/** A retry finds the entry of an earlier attempt. */
async function writeEntry(key: string, text: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('INSERT INTO entries VALUES ($1, $2) ON CONFLICT DO NOTHING', [key, text])
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

const server = createServer((request, response) => {
  // After an error the outcome is unknown: the COMMIT may have been executed.
  void respond(request)
    .catch(() => [500, {}] as const)
    .then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)))
}).listen(Number(PORT), HOST)
process.once('SIGTERM', () => server.close(() => void pool.end()))
