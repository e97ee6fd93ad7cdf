// Stands for a provider on the internet that prints and posts letters.
const express = require('express')
const db = require('./db')

const app = express()
app.use(express.json())

app.get('/health', (req, res) => res.send('ok'))

app.post('/letters', async (req, res) => {
  const key = req.get('idempotency-key') ?? null
  await db('letters').insert({ key, to: req.body.to, text: req.body.text }).onConflict('key').ignore()
  res.status(202).json({ accepted: true })
})

async function main() {
  await db.raw(`create table if not exists letters (
    id bigserial primary key, key text unique, "to" text not null, text text not null)`)
  app.listen(process.env.PORT)
}

main()
