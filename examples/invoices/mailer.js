const db = require('./db')

// A connection that no longer answers must not stop the loop.
const queryTimeoutMs = 2000

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function send(invoice) {
  const headers = { 'content-type': 'application/json' }
  if (process.env.FIXED) headers['idempotency-key'] = invoice.number
  const res = await fetch(process.env.COURIER_URL + '/letters', {
    method: 'POST',
    headers,
    body: JSON.stringify({ to: invoice.email, text: `Invoice ${invoice.number}` }),
    signal: AbortSignal.timeout(2000),
  })
  if (!res.ok) throw new Error(`courier: ${res.status}`)
}

// Sends every invoice that has not been sent, once a second.
async function main() {
  for (;;) {
    try {
      const due = await db('invoices').whereNull('sent_at').orderBy('created_at').limit(10).timeout(queryTimeoutMs)
      for (const invoice of due) {
        await send(invoice)
        const own = db('invoices').where({ number: invoice.number })
        await own.update({ sent_at: db.fn.now() }).timeout(queryTimeoutMs)
      }
    } catch (err) {
      console.error(err.message)
    }
    await sleep(1000)
  }
}

main()
