import { defineLab } from '#chaos/contracts/lab.ts'

export const duplicateDelivery = defineLab({
  id: 'duplicate-delivery',
  track: 'data-correctness',
  title: 'Duplicate delivery: done, and done again',
  goal: 'Every payment is in the ledger exactly once, whoever dies and whenever.',
  breaks: 'the job comes again, and the books are written twice',
  lesson: 'the idempotent consumer: mark and effect in one transaction',
  minutes: 30,
  seams: [{ seam: 'record-payment', service: 'worker' }],
  fails: 'books-balance',
  nearMisses: [
    {
      name: 'remember-in-memory',
      fails: 'books-balance',
      because:
        'It remembers what it has dealt with. The message comes a second time because the one that remembered is dead.',
    },
    {
      name: 'mark-first',
      fails: 'books-balance',
      because:
        'It marks the message in Postgres, and then writes the books in another transaction. Who dies in between has a message that is done and a payment that is nowhere.',
    },
    {
      name: 'look-first',
      fails: 'books-balance',
      because:
        'It looks whether the ledger has the payment, and writes if not. A frozen worker has looked; when it wakes up and writes, another one has had the same message and looked, too.',
    },
  ],
  alternatives: ['guarded-status'],
  prediction: {
    question:
      'A worker charges an order, commits ledger and status to Postgres, and is killed before it can tell the queue that the job is done. Another worker gets the job. It asks payments again, under the same key, and records the payment in a transaction. What do the books say about this order?',
    answers: [
      'All is well: a job is delivered once, and a killed worker takes its job with it.',
      'The customer is charged twice, and the ledger has it twice.',
      'The customer is charged once, the order is paid once, and the ledger has the sale twice.',
      'The job fails because the order is paid already, and the books are right.',
    ],
    right: 2,
    because:
      'Payments knows the key and gives the first charge again. The status is guarded: paid does not become paid once more. The two INSERTs of the ledger are guarded by nothing, so revenue is booked that never was.',
  },
  hints: [
    'Ask the ledger what it thinks of that order: unhappy sql "SELECT order_id, count(*), min(at), max(at) FROM ledger_transactions GROUP BY 1 HAVING count(*) > 1". How long lies between the two? What takes that long, and which instance logged "job lost its worker"?',
    'Three things happen in a delivery: charge, ledger, status. Two of them can happen twice without harm. What do these two have that the third has not? And what does every delivery of the same message have in common (Payment in services/worker/seams.ts)?',
    "INSERT INTO processed_messages (consumer, message_id) VALUES ('record-payment', $1) ON CONFLICT DO NOTHING, inside the same transaction as the ledger. rowCount 0: somebody did all of it; return.",
  ],
  learned: [
    'A queue that does not lose messages delivers some twice. Exactly once is something that the consumer makes.',
    'The mark and the effect have to be committed together, where the effect is. A mark before it loses, a mark after it doubles.',
    'What has to be remembered beyond a death must not be remembered by who dies.',
    'Idempotency goes step by step: one guarded step beside an unguarded one is an unguarded whole.',
  ],
  buildsOn: ['dual-write'],
})
