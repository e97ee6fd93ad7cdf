import { defineLab } from '#chaos/contracts/lab.ts'

export const zombieLock = defineLab({
  id: 'zombie-lock',
  track: 'data-correctness',
  title: 'Zombie lock: a paused process resumes and still uses an expired lock',
  goal: 'An older price never overwrites a newer one, however long a process was paused, and new prices keep coming.',
  breaks: 'a paused process resumes and still uses its expired lock',
  lesson: 'fencing tokens, checked where the write arrives',
  minutes: 40,
  seams: [{ seam: 'publish-prices', service: 'worker' }],
  fails: 'prices-never-go-back',
  nearMisses: [
    {
      name: 'longer-lock',
      fails: 'prices-stay-fresh',
      because:
        'The lock lives for 30 seconds, longer than any pause. When its holder dies, no worker publishes prices for 30 seconds.',
    },
    {
      name: 'still-mine',
      fails: 'prices-never-go-back',
      because:
        'Right before it writes, it checks in Redis that it still holds the lock. The lock can still expire between that check and the moment when the UPDATE arrives.',
    },
    {
      name: 'keep-renewing',
      fails: 'prices-never-go-back',
      because:
        'It renews the lock while it works. A paused process renews nothing, and nothing tells it that the lock has expired.',
    },
  ],
  sweep: 'no-flow',
  alternatives: ['newer-only', 'advisory-lock'],
  prediction: {
    question:
      'Two workers publish the price list in turn. The worker that gets a lock in Redis reads the list and writes it to Postgres with one UPDATE. The lock lives for 300 ms, and only its owner can release it. Worker 1 has the lock and has sent its UPDATE. Then it is paused for 1.5 s, and its UPDATE arrives after 1.2 s. A new list comes out five times per second. What do customers see?',
    answers: [
      'The newest prices all the time: Redis records that worker 1 has lost the lock, so its UPDATE has no effect.',
      'The newest prices after 1.5 s: no other worker can publish while worker 1 has the lock.',
      'Newer prices from worker 2, and then for a moment the old prices again, which worker 1 had sent before.',
      'An error: when two workers write the same rows at once, Postgres refuses one of them.',
    ],
    right: 2,
    because:
      'After 300 ms the lock in Redis expires, and worker 2 takes it and publishes. Postgres receives no information about that. When the UPDATE of worker 1 arrives, it is a statement like any other, and it overwrites rows that have become newer.',
  },
  hints: [
    'unhappy sql "SELECT at, instance, edition, price_cents FROM price_events WHERE sku = \'tea\' ORDER BY id" shows every price that was ever written. Find the row whose edition is lower than the one above. Which worker wrote it, and when had its lock expired?',
    'Every check that the worker makes before it writes is true at the moment of the reply. Between that moment and the change of the row there can be a pause of any length, in the process or in the network. Only the place where the write arrives sees both the current value and the new one.',
    "products.price_fence and a sequence price_fences exist. Take a number with SELECT nextval('price_fences') when you have the lock and before you read the list. Write the number with the prices, and add AND price_fence < $4 to the WHERE: the row refuses a number lower than the one that it has seen. If two workers are late, the one with the lower number can have the later list: also add AND price_edition <= $3.",
  ],
  learned: [
    'A lock with a lifetime is a guess about how long the work takes. A process that is paused for longer does not notice.',
    'Check-then-act is always a race, however short the time between the two is.',
    'A fencing token moves the decision to the place where the write arrives. Only that place sees the current value and the new one.',
    'Keep the lock for efficiency (the workers do not all do the same work), and let the write decide about correctness.',
  ],
  buildsOn: ['oversell'],
})
