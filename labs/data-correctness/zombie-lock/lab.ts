import { defineLab } from '#chaos/contracts/lab.ts'

export const zombieLock = defineLab({
  id: 'zombie-lock',
  track: 'data-correctness',
  title: 'Zombie lock: it woke up, and believed that it was its turn',
  goal: 'No price is ever overwritten by an older one, however long somebody was away, and new prices keep coming.',
  breaks: 'a paused process wakes up and believes it has the lock',
  lesson: 'fencing tokens, checked where the write lands',
  minutes: 40,
  seams: [{ seam: 'publish-prices', service: 'worker' }],
  fails: 'prices-never-go-back',
  nearMisses: [
    {
      name: 'longer-lock',
      fails: 'prices-stay-fresh',
      because:
        'The lock lives for 30 seconds, longer than any pause. When its holder dies, nobody publishes for 30 seconds.',
    },
    {
      name: 'still-mine',
      fails: 'prices-never-go-back',
      because:
        'It asks Redis right before it writes whether the lock is still its own. Between that answer and the moment at which the UPDATE lands there is still time to lose it.',
    },
    {
      name: 'keep-renewing',
      fails: 'prices-never-go-back',
      because:
        'It renews the lock while it works. A process that stands still renews nothing, and knows nothing of it.',
    },
  ],
  alternatives: ['newer-only', 'advisory-lock'],
  prediction: {
    question:
      'Two workers publish the price list in turn: whoever gets a lock in Redis reads the list and writes it to Postgres with one UPDATE. The lock lives for 300 ms, and only its owner can give it back. Worker 1 has the lock and has sent its UPDATE; then it is frozen for a second, and the UPDATE is on its way for 800 ms. A new list comes out five times a second. What do customers see?',
    answers: [
      'The newest prices all the time: Redis knows that worker 1 has lost the lock, so its UPDATE does nothing.',
      'The newest prices after a second: nobody else can publish while worker 1 has the lock.',
      'Newer prices from worker 2, and then for a moment the old ones again, which worker 1 had sent before.',
      'An error: two workers that write the same rows at once make Postgres refuse one of them.',
    ],
    right: 2,
    because:
      'After 300 ms Redis forgets the lock, and worker 2 takes it and publishes. Nobody tells Postgres. When the UPDATE of worker 1 arrives it is a statement like any other, and it overwrites rows that have become newer in the meantime.',
  },
  hints: [
    'unhappy sql "SELECT at, instance, edition, price_cents FROM price_events WHERE sku = \'tea\' ORDER BY id" shows every price that was ever written. Find the row whose edition is lower than the one above. Who wrote it, and since when had that worker not had the lock any more?',
    'Whatever the worker asks before it writes is true at the moment of the answer. Between that moment and the one at which the row changes there can be a pause of any length: in the process, or in the network. Only the place where the write lands sees both: what is there, and what comes.',
    "products.price_fence is there, and a sequence price_fences. Take a number with SELECT nextval('price_fences') when you have the lock and before you read the list, write it with the prices, and add AND price_fence < $4 to the WHERE: the row refuses a number lower than the one it has seen.",
  ],
  learned: [
    'A lock with a lifetime is a guess about how long you will need it. Whoever is paused for longer does not notice.',
    'Check-then-act stays a race, however short the way between the two is.',
    'A fencing token moves the decision to where the write lands: only that place sees what is there and what comes.',
    'Keep the lock for efficiency (not everybody does the same work) and let the write decide about correctness.',
  ],
  buildsOn: ['oversell'],
})
