import { defineLab } from '#chaos/contracts/lab.ts'

export const duplicateDelivery = defineLab({
  id: 'duplicate-delivery',
  track: 'data-correctness',
  title: 'Duplicate delivery: the same job is processed twice',
  goal: 'Every payment is in the ledger exactly once, whichever process dies and at whatever moment.',
  breaks: 'the job is delivered again, and the books are written twice',
  lesson: 'the idempotent consumer: mark and effect in one transaction',
  minutes: 30,
  seams: [{ seam: 'record-payment', service: 'worker' }],
  fails: 'books-balance',
  nearMisses: [
    {
      name: 'remember-in-memory',
      fails: 'books-balance',
      because:
        'It keeps processed messages in memory. The message is delivered again because the process with that memory is dead.',
    },
    {
      name: 'mark-first',
      fails: 'books-balance',
      because:
        'It marks the message in Postgres and then writes the books in another transaction. If the worker dies in between, the message is marked as processed and the payment is recorded nowhere.',
    },
    {
      name: 'look-first',
      fails: 'books-balance',
      because:
        'It reads whether the ledger has the payment and writes if not. A frozen worker has already read. Before it resumes and writes, another worker receives the same message, reads, and writes too.',
    },
  ],
  sweep: {
    flow: 'place-order',
    exchanges: [
      { link: 'worker:postgres', after: 'POST /charges', except: ['* outbox'] },
      { link: 'worker:redis', after: 'POST /charges', except: ['bullmq *', 'BZPOPMIN'] },
    ],
  },
  alternatives: ['guarded-status'],
  prediction: {
    question:
      'A worker charges an order, commits ledger and status to Postgres, and is killed before it can acknowledge the job. Another worker receives the job. It sends the charge request again under the same key and records the payment in a transaction. What do the books say about this order?',
    answers: [
      'All is correct: a job is delivered once, and a killed worker takes its job with it.',
      'The customer is charged twice, and the ledger has the sale twice.',
      'The customer is charged once, the order is paid once, and the ledger has the sale twice.',
      'The job fails because the order is already paid, and the books are correct.',
    ],
    right: 2,
    because:
      'Payments recognises the key and returns the first charge. The status update is guarded: a paid order does not become paid again. The two INSERTs of the ledger have no guard, so the ledger contains revenue that does not exist.',
  },
  hints: [
    'Query the ledger for that order: unhappy sql "SELECT order_id, count(*), min(at), max(at) FROM ledger_transactions GROUP BY 1 HAVING count(*) > 1". How much time is between the two entries? What takes that long, and which instance logged "job lost its worker"?',
    'A delivery does three things: charge, ledger, status. Two of them may happen twice without harm. What do these two have that the third lacks? And what is the same in every delivery of one message (Payment in services/worker/seams.ts)?',
    "INSERT INTO processed_messages (consumer, message_id) VALUES ('record-payment', $1) ON CONFLICT DO NOTHING, inside the same transaction as the ledger. If rowCount is 0, an earlier delivery did all of it: return.",
  ],
  learned: [
    'A queue that loses no messages delivers some of them twice. Exactly-once is a property of the consumer.',
    'Commit the mark and the effect together, where the effect is. A mark before the effect loses work; a mark after it repeats work.',
    'What must survive a crash must not be stored in the process that crashes.',
    'Idempotency is required in every step: one step without a guard makes the whole job unsafe.',
  ],
  buildsOn: ['dual-write'],
})
