import { defineLab } from '#chaos/contracts/lab.ts'

export const readYourWrites = defineLab({
  id: 'read-your-writes',
  track: 'data-correctness',
  title: 'Read your own writes: a replica lags',
  goal: 'A customer sees their own order, and no status of it goes back, while the replica serves the reads.',
  breaks: 'a read replica lags behind the primary',
  lesson: 'a read names what it must include; the replica serves it when it has that',
  minutes: 35,
  seams: [{ seam: 'read-order', service: 'api' }],
  fails: 'refusals-are-true',
  nearMisses: [
    {
      name: 'always-the-primary',
      fails: 'reads-from-replica',
      because:
        'It reads everything from the primary. That is always right, and the replica serves nothing.',
    },
    {
      name: 'only-if-missing',
      fails: 'responses-are-true',
      because:
        'It reads the primary only while the replica does not have the order. Then the replica receives the order, with a status that the customer has seen long ago.',
    },
    {
      name: 'wait-and-read-again',
      fails: 'refusals-are-true',
      because: 'It waits for a fixed time. No fixed time is longer than every lag.',
    },
    {
      name: 'remember-in-memory',
      fails: 'responses-are-true',
      because:
        'It remembers what this instance has shown. The next read goes to the other instance, which remembers nothing.',
    },
    {
      name: 'measured-lag',
      fails: 'refusals-are-true',
      because:
        'It reads the replica while the measured lag is small. Every lag is too much for the customer who has just ordered, and the measured one is that of the last transaction.',
    },
  ],
  sweep: 'no-flow',
  alternatives: ['version-of-the-order', 'wait-for-the-replica'],
  prediction: {
    question:
      'Every order read goes to a replica. It falls 1.5 seconds behind and stays there, for 2.5 seconds. Customers read the orders that were placed last: several times each, at both instances. Nothing crashes, and no request times out. What do these customers see?',
    answers: [
      'What they would see without a replica, 1.5 seconds later: the responses take longer.',
      'Some read an old status for 1.5 seconds. Every order is found.',
      'Customers who have a 201 for their order read that there is no such order. When it appears, its status is old.',
      'Some reads fail with a 503, because the replica refuses to serve old data.',
    ],
    right: 2,
    because:
      'A replica responds at once, with what it has: nothing in its response says that it is behind. It has no row for an order that it has not received yet, and without a row the response is a 404.',
  },
  hints: [
    'Place an order and read it back while the replica lags: curl -i shows the header x-position of the 201. Then ask the replica: unhappy sql shows pg_current_wal_lsn() on the primary; pg_last_wal_replay_lsn() says how far the replica is. Compare the three.',
    'A position answers "is this copy new enough for this customer?" exactly, without a clock. The customer sends it with each read: read.position. What must a response to a read contain, so that the next read of the same customer is not older?',
    "First SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn on the replica, then read the order there in a second statement, which has a newer snapshot. findOrderAt from #services/api/orders/find-order.ts reads an order together with its position. If the replica is behind, does not have the order or does not respond, read the primary, and return the primary's position. The text of a client may be anything: isPosition from #services/api/orders/position.ts tests it.",
  ],
  learned: [
    'A replica serves the past. How long ago that is has no limit, and its response does not say it.',
    'Read-your-writes and monotonic reads are promises to one customer. The customer carries what they have seen; no server has to remember it.',
    'A position in the log is exact. Times, fixed waits and measured lags are guesses.',
    'A fallback to the primary is load for the primary at the worst moment. Bound it, and measure which share of the reads it serves.',
  ],
  buildsOn: ['lab-zero'],
})
