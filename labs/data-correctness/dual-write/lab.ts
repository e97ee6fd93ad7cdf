import { defineLab } from '#chaos/contracts/lab.ts'

export const dualWrite = defineLab({
  id: 'dual-write',
  track: 'data-correctness',
  title: 'Dual write: the order is committed but never enqueued',
  goal: 'Every order that is confirmed to a customer is processed, even if a process dies or a connection stays silent.',
  breaks: 'an order is committed to Postgres but never enqueued',
  lesson: 'the transactional outbox',
  minutes: 40,
  seams: [{ seam: 'place-order', service: 'api' }],
  fails: 'no-lost-orders',
  nearMisses: [
    {
      name: 'retry-in-memory',
      fails: 'no-lost-orders',
      because:
        'It retries until Redis is back. The list of orders to enqueue is in the memory of a process, and that process is killed.',
    },
    {
      name: 'enqueue-first',
      fails: 'availability',
      because:
        'It enqueues before COMMIT and rolls back when that fails. No order is lost, but no order can be placed while Redis is down.',
    },
  ],
  sweep: {
    // With a retry: an order that no process continues is then also an order that was confirmed.
    flow: 'retry-order',
    exchanges: [
      {
        link: 'api:postgres',
        firstAttempt: true,
        except: ['INSERT idempotency_keys', 'SELECT products', 'UPDATE products'],
      },
      { link: 'api:redis', firstAttempt: true },
    ],
  },
  alternatives: ['outbox-and-nudge'],
  prediction: {
    question:
      'The API commits an order to Postgres, then enqueues it in Redis, then sends the response. For two seconds the API cannot reach Redis. Then one of its two instances is killed. Customers retry with the same key when a request fails. What happens to the orders of these two seconds?',
    answers: [
      'Customers receive errors, and no order of these two seconds exists: the failed orders were rolled back.',
      'Customers receive errors at first, and the retry corrects it: in the end every order is charged.',
      'The retry tells customers that the order is placed, but no worker ever processes it.',
      'Only the few orders that were in flight when the instance was killed are lost.',
    ],
    right: 2,
    because:
      'The commit cannot be taken back when the enqueue fails. The retry finds a stored response for the key in Postgres and returns it: 201. The kill loses orders in the same way as the silence. Every failure between the two writes does.',
  },
  hints: [
    'Take one lost order and query each place where it could be: unhappy sql "SELECT id, status, created_at FROM orders WHERE status = \'placed\'", then unhappy redis "LRANGE bull:orders:wait 0 -1". Which of the two received it, and which response did the customer receive?',
    'There are two writes to two systems, and neither sequence is safe: there is always a moment when one write has happened and the other has not. So the work must become one write. Which of the two systems can store, in the transaction that it commits anyway, that the other system must still receive a message?',
    "shop.outbox.write(transaction, order) stores a message in Postgres, inside the order's own transaction. A relay in the worker moves it to the queue later and retries until it succeeds. Call it where the order is saved, and remove the enqueue.",
  ],
  learned: [
    'Two writes to two systems are never atomic: there is always a moment when only one of them has happened.',
    'A retry with the same key returns what was committed. So it turns a visible error into a silent loss.',
    'Remaining work belongs in the transaction that decided it. Forwarding it may then fail and be retried.',
    'The price is at-least-once delivery: the consumer must handle a message that arrives twice.',
  ],
})
