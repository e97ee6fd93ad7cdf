import { serve } from '@hono/node-server'
import { Hono } from 'hono'

import { query } from './db.js'
import { enqueue } from './queue.js'

await query(`create table if not exists orders (
  id bigserial primary key, reference text not null, item text not null,
  status text not null default 'new', created_at timestamptz not null default now())`)
await query(`create table if not exists parcels (
  id bigserial primary key, order_id bigint not null, packed_at timestamptz not null default now())`)
if (process.env.FIXED)
  await query('create unique index if not exists orders_reference on orders (reference)')

const insert = process.env.FIXED
  ? `insert into orders (reference, item) values ($1, $2)
     on conflict (reference) do update set item = excluded.item returning id, reference`
  : 'insert into orders (reference, item) values ($1, $2) returning id, reference'

const app = new Hono()

app.get('/', (c) => c.text('orders'))

app.post('/orders', async (c) => {
  const { reference, item } = await c.req.json()
  if (!reference || !item) return c.json({ error: 'reference and item are required' }, 422)
  const { rows } = await query(insert, [reference, item])
  // The sweep in the worker finds an order whose job is lost.
  enqueue(rows[0]).catch((err) => console.error(err.message))
  return c.json({ id: rows[0].id, reference }, 201)
})

app.get('/orders/:reference', async (c) => {
  const { rows } = await query('select * from orders where reference = $1', [c.req.param('reference')])
  return rows[0] ? c.json(rows[0]) : c.json({ error: 'not found' }, 404)
})

serve({ fetch: app.fetch, port: 3000 })
