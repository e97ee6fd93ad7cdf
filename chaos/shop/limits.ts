import type { SystemLimit } from '#chaos/contracts/system/limit.ts'

/** What the contents of a message decide. */
const contents = [
  'no-lost-orders',
  'no-phantom-orders',
  'charged-at-most-once',
  'charged-what-was-ordered',
  'books-balance',
  'stock-conserved',
  'status-never-goes-back',
  'same-key-same-answer',
  'no-stuck-orders',
  'recovers-within',
  'responses-are-true',
  'refusals-are-true',
]

/** The promises that the shop cannot keep, even with every safety net. */
export const limits: readonly SystemLimit[] = [
  {
    fault: 'corrupt',
    checks: contents,
    why: 'A changed byte whose TCP checksum is valid makes another valid message: another amount, another order, another statement. Only a checksum of the whole message detects it, as TLS has. The links of a sandbox carry plain text.',
  },
  {
    fault: 'duplicate',
    on: '*:postgres',
    checks: ['stock-conserved', 'books-balance', 'responses-are-true', 'refusals-are-true'],
    why: 'Postgres executes a statement twice in one transaction, and the client receives one reply. `stock = stock - 1` then takes two, and an INSERT of ledger entries writes them twice. An idempotency key protects a whole transaction; it cannot see that a part of it ran twice.',
  },
  {
    fault: 'reply-swap',
    on: '*:postgres',
    checks: contents,
    why: 'A query receives the rows of another query. The protocol of Postgres has no number that connects a reply with its request, so a driver that mixes up its connections cannot be detected by the code that uses it.',
  },
  {
    fault: 'http-replace',
    on: 'worker-*:payments',
    checks: ['books-balance', 'refusals-are-true'],
    why: 'A changed response that is complete and well-formed is an answer of payments for the shop: `{"status":"declined"}` for a charge that payments captured rejects the order. Only a signature of payments would detect it. A response with a missing field or another type is not an answer, and the shop asks again.',
  },
  {
    fault: 'postgres-failover',
    checks: [...contents, 'events-recorded', 'payment-state-agrees', 'refunds-booked-once'],
    why: 'Replication is asynchronous: the new primary has never received the last commits. The order of a customer who has a confirmation is gone, and payments keeps its charge. With the profile postgres-replica, the COMMIT of an order waits for the standby, and no acknowledged order is lost. Status changes and ledger entries do not wait even then: what a customer has read about an order can become older for a moment.',
  },
  ...['reply-swap', 'http-replace', 'http-error'].map((fault) => ({
    fault,
    on: 'client:*',
    checks: [
      'responses-are-true',
      'refusals-are-true',
      'same-key-same-answer',
      'no-lost-orders',
      'no-phantom-orders',
      'charged-what-was-ordered',
    ],
    why: 'Something between the customer and the shop gives the customer an answer that the shop did not give. The shop cannot know; the customer can read the order again.',
  })),
]
