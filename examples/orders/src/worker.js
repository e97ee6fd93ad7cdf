import { Worker } from 'bullmq'

import { query, transaction } from './db.js'
import { connection, enqueue } from './queue.js'

async function pack({ data: { id, reference } }) {
  await transaction(async (client) => {
    const { rowCount } = await client.query(
      "update orders set status = 'packed' where id = $1 and reference = $2 and status = 'new'",
      [id, reference],
    )
    if (rowCount === 1) await client.query('insert into parcels (order_id) values ($1)', [id])
  })
}

const worker = new Worker('pack', pack, {
  connection,
  concurrency: 4,
  lockDuration: 4000,
  stalledInterval: 2000,
})
worker.on('error', (err) => console.error(err.message))
worker.on('failed', (job, err) => console.error(`${job?.id}: ${err.message}`))

setInterval(async () => {
  try {
    const { rows } = await query(
      "select id, reference from orders where status = 'new' and created_at < now() - interval '2 s'",
    )
    for (const order of rows) await enqueue(order)
  } catch (err) {
    console.error('sweep:', err.message)
  }
}, 1000)
