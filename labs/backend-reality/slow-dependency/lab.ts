import { defineLab } from '#chaos/contracts/lab.ts'

export const slowDependency = defineLab({
  id: 'slow-dependency',
  track: 'backend-reality',
  title: 'Slow dependency: a request holds a connection while it waits',
  goal: 'When payments is slow, quotes are slow and nothing else is: customers who look at products notice nothing.',
  breaks:
    'requests hold a pooled connection while they wait for a slow dependency, so requests that do not need it fail too',
  lesson: 'hold nothing while you wait',
  minutes: 30,
  seams: [{ seam: 'quote-order', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'shorter-timeout',
      fails: 'availability',
      because:
        'It waits 400 ms instead of 600 ms and still holds the connection. The pool is exhausted anyway, and browse requests fail.',
    },
    {
      name: 'one-at-a-time',
      fails: 'availability',
      because:
        'Quotes run one at a time and hold one connection at most. Browse requests succeed. Quotes queue behind a lock that lets fewer than two per second through, and they time out.',
    },
  ],
  sweep: { flow: 'quote', exchanges: [{ link: 'api:payments' }, { link: 'api:postgres' }] },
  alternatives: ['bulkhead'],
  prediction: {
    question:
      'POST /quotes reads a price from Postgres and then requests the payment methods from payments. Payments now responds correctly, but 600 ms later. GET /products/:sku?fresh=1 reads one row from Postgres and never calls payments. What do customers see who only look at products?',
    answers: [
      'Nothing: these requests never needed payments.',
      'Products arrive a little later, because the machine is busier.',
      'Most of these requests fail, although Postgres has almost nothing to do.',
      'Everything gets 600 ms slower, products too.',
    ],
    right: 2,
    because:
      'Each quote holds its connection to Postgres while it waits for payments. Fifty quotes per second then need thirty connections, and the two pools have ten. A request for a product waits for one of them and fails after half a second.',
  },
  hints: [
    'Compare three numbers while the fault is active: how many connections to Postgres are open, how many execute a query, and how many requests wait for one. Try: unhappy sql "SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2", and curl -s http://127.0.0.1:20001/metrics | grep database_',
    "Connections needed = requests per second times the seconds that each request holds one (Little's law). Payments became slower, so quotes need more connections. Which of the two factors can this file change?",
    'One SELECT needs a connection. Read the price through the pool (shop.findProduct(shop.database, sku)), so the connection is back in the pool before the API calls payments.',
  ],
  learned: [
    'Slow is worse than down: nothing fails and nothing is reported, but everything that waiting requests hold is missing elsewhere.',
    "Little's law: the number in use is rate times holding time. The latency of a dependency is a factor in the size of your pool.",
    'Do not wait for one resource while you hold another: make no call over the network with an open connection, lock or transaction.',
    'A shared pool spreads a failure to requests that never needed the failed part. That is its blast radius.',
  ],
})
