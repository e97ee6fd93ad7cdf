import { defineLab } from '#chaos/contracts/lab.ts'

export const dualWrite = defineLab({
  id: 'dual-write',
  track: 'data-correctness',
  title: 'Dual write: committed, and forgotten',
  goal: 'Every order that a customer is told is placed is worked on, whoever dies and whatever is silent.',
  breaks: 'committed to Postgres, and never told to the queue',
  lesson: 'the transactional outbox',
  minutes: 40,
  seams: [{ seam: 'place-order', service: 'api' }],
  fails: 'no-lost-orders',
  nearMisses: [
    {
      name: 'retry-in-memory',
      fails: 'no-lost-orders',
      because:
        'It keeps trying until Redis is back. The list of what is still to be enqueued is in the memory of a process, and the process is killed.',
    },
    {
      name: 'enqueue-first',
      fails: 'availability',
      because:
        'It enqueues before COMMIT and rolls back when that fails. No order is lost, and none can be placed while Redis is away.',
    },
  ],
  alternatives: ['outbox-and-nudge'],
  prediction: {
    question:
      'An order is committed to Postgres, then put into the queue in Redis, then the customer gets the answer. For two seconds the API cannot reach Redis, and then one of its two instances is killed. Customers try again with the same key when they get no good answer. What becomes of the orders of these two seconds?',
    answers: [
      'Customers get errors, and no order of these two seconds exists: what failed was rolled back.',
      'Customers get errors at first, and their second attempt repairs it: in the end every order is charged.',
      'Customers are told at their second attempt that the order is placed, and nobody ever works on it.',
      'Only the few orders that were on their way when the instance was killed are lost.',
    ],
    right: 2,
    because:
      'The commit cannot be taken back when the enqueue fails. The second attempt finds the key answered in Postgres, and is told that answer: 201. The kill loses no more than the silence did; every failure between the two writes does it.',
  },
  hints: [
    'Take one lost order, and ask each place where it could be: unhappy sql "SELECT id, status, created_at FROM orders WHERE status = \'placed\'", then unhappy redis "LRANGE bull:orders:wait 0 -1". Which of the two was told about it, and what was the customer told?',
    'There are two writes to two systems, and no order of them is safe: between them there is always a moment at which one has happened and the other has not. So what has to be done must become one write. Which of the two systems can keep, in the transaction that it commits anyway, that something is still to be told to the other?',
    "shop.outbox.write(transaction, order) keeps a message in Postgres, inside the order's own transaction. A relay in the worker moves it to the queue afterwards, as often as it takes. Call it where the order is saved, and drop the enqueue.",
  ],
  learned: [
    'Two writes to two systems are never one: between them there is always a moment at which only one has happened.',
    'A retry with the same key is answered from what was committed, so it turns a visible error into a silent loss.',
    'What is still to be done belongs into the transaction that decided it. Moving it on may then fail as often as it likes.',
    'At-least-once is what you get in exchange: the consumer has to cope with a message that comes twice.',
  ],
})
