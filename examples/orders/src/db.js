import pg from 'pg'

// A connection that no longer answers must not stop a job.
const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 5,
  query_timeout: 2000,
  connectionTimeoutMillis: 2000,
})
pool.on('error', (err) => console.error('postgres:', err.message))

// A database that restarts or a flaky network should not fail a request.
export async function query(sql, params, attempts = 4) {
  try {
    return await pool.query(sql, params)
  } catch (err) {
    if (err.severity === 'ERROR' || attempts <= 1) throw err
    await new Promise((resolve) => setTimeout(resolve, 150))
    return query(sql, params, attempts - 1)
  }
}

export async function transaction(work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
    client.release()
  } catch (err) {
    client.release(err)
    throw err
  }
}
