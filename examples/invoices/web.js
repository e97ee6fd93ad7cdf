const express = require('express')
const db = require('./db')

const app = express()
app.use(express.json())

app.get('/health', (req, res) => res.send('ok'))

app.post('/invoices', async (req, res) => {
  const { number, email, total } = req.body
  if (!number || !email) return res.status(422).json({ error: 'number and email are required' })
  await db('invoices').insert({ number, email, total }).onConflict('number').ignore()
  res.status(201).json({ number })
})

app.get('/invoices/:number', async (req, res) => {
  const invoice = await db('invoices').where({ number: req.params.number }).first()
  if (!invoice) return res.status(404).json({ error: 'not found' })
  res.json(invoice)
})

async function main() {
  await db.raw(`create table if not exists invoices (
    number text primary key, email text not null, total numeric not null default 0,
    created_at timestamptz not null default now(), sent_at timestamptz)`)
  app.listen(process.env.PORT || 3000)
}

main()
