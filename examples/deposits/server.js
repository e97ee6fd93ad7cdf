const http = require('node:http')
const { Pool } = require('pg')
const Redis = require('ioredis')

const pool = new Pool({ max: 5 })
pool.on('error', (err) => console.error('db:', err.message))
// Without a listener, a connection that breaks while it is in use ends the process.
pool.on('connect', (client) => client.on('error', (err) => console.error('db:', err.message)))
const redis = new Redis({ host: process.env.REDIS_HOST, maxRetriesPerRequest: 3 })
redis.on('error', (err) => console.error('cache:', err.message))

async function transaction(work) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (err) {
    client.release(err)
    throw err
  }
}

async function book(client, requestId, account, amount) {
  await client.query('INSERT INTO deposits (request_id, account, amount) VALUES ($1, $2, $3)', [
    requestId,
    account,
    amount,
  ])
  await client.query('UPDATE accounts SET balance = balance + $2 WHERE id = $1', [account, amount])
}

// A request id is used once. SET NX makes sure of it.
async function depositWithKey(requestId, account, amount) {
  const guard = `deposit:${requestId}`
  if ((await redis.set(guard, '1', 'EX', 3600, 'NX')) === null) return { repeated: true }
  try {
    await transaction((client) => book(client, requestId, account, amount))
  } catch (err) {
    // It failed, so the client may try again with the same id.
    await redis.del(guard)
    throw err
  }
  return { repeated: false }
}

// The request id is in the same transaction as the deposit.
async function depositInTransaction(requestId, account, amount) {
  const repeated = await transaction(async (client) => {
    // Concurrent requests with the same id wait for each other here.
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [requestId])
    const known = await client.query('SELECT id FROM deposits WHERE request_id = $1', [requestId])
    if (known.rowCount > 0) return true
    await book(client, requestId, account, amount)
    return false
  })
  await redis.del(`balance:${account}`).catch((err) => console.error('cache:', err.message))
  return { repeated }
}

const deposit = process.env.FIXED ? depositInTransaction : depositWithKey

async function handle(req) {
  const [, resource, id] = req.url.split('/')
  if (req.method === 'GET' && resource === 'accounts') {
    const { rows } = await pool.query('SELECT balance FROM accounts WHERE id = $1', [id])
    return rows[0] ? [200, rows[0]] : [404, { error: 'no such account' }]
  }
  if (req.method === 'POST' && resource === 'deposits') {
    let text = ''
    for await (const chunk of req) text += chunk
    const { requestId, account, amount } = JSON.parse(text)
    if (!requestId || !(amount > 0)) return [422, { error: 'requestId and amount are required' }]
    return [201, await deposit(requestId, account, amount)]
  }
  return [404, { error: 'not found' }]
}

http
  .createServer((req, res) => {
    handle(req)
      .catch((err) => {
        console.error(err.message)
        return [500, { error: 'internal error' }]
      })
      .then(([status, body]) => {
        res.writeHead(status, { 'content-type': 'application/json' })
        res.end(JSON.stringify(body))
      })
  })
  .listen(8080)
