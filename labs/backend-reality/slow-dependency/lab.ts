import { defineLab } from '#chaos/contracts/lab.ts'

export const slowDependency = defineLab({
  id: 'slow-dependency',
  track: 'backend-reality',
  title: 'Slow dependency: waiting with something in the hand',
  goal: 'A slow payments makes quotes slow, and nothing else: whoever looks at products does not notice.',
  breaks: 'a slow dependency holds a pooled connection, and what never needed it dies too',
  lesson: 'hold nothing while you wait',
  minutes: 30,
  seams: [{ seam: 'quote-order', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'shorter-timeout',
      fails: 'availability',
      because:
        'It waits 400 ms instead of 600, with the connection still in its hand. The pool is exhausted all the same, and browsing dies with it.',
    },
    {
      name: 'one-at-a-time',
      fails: 'availability',
      because:
        'Quotes take turns and hold one connection at most. Browsing lives; quotes pile up before a door that lets less than two a second through, and time out.',
    },
  ],
  alternatives: ['bulkhead'],
  prediction: {
    question:
      'POST /quotes reads a price from Postgres and then asks payments for the ways to pay. Payments now answers 600 ms later, and correctly. GET /products/:sku?fresh=1 reads one row from Postgres and never talks to payments. What do customers see who only look at products?',
    answers: [
      'Nothing: they never needed payments.',
      'Products come a little later, because the machine is busier.',
      'Most of them get errors, although Postgres has almost nothing to do.',
      'Everything gets 600 ms slower, products too.',
    ],
    right: 2,
    because:
      'Each quote keeps its connection to Postgres while it waits for payments. Fifty quotes a second need thirty connections then, and there are ten. Whoever wants to read a product waits for one of them, and is refused after half a second.',
  },
  hints: [
    'Compare three numbers while the fault is on: how many connections to Postgres are open, how many are doing something, and how many requests wait for one. Try: unhappy sql "SELECT application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2", and curl -s http://127.0.0.1:20001/metrics | grep database_',
    "Connections needed = requests per second times the seconds that each holds one (Little's law). Payments got slower, and the number of connections that quotes need grew with it. Which of the two factors can this file change?",
    'A connection is needed for one SELECT. Read the price through the pool (shop.findProduct(shop.database, sku)), so that the connection is back before payments is asked.',
  ],
  learned: [
    'Slow is worse than down: nothing fails, nothing is reported, and everything that is held meanwhile is missing elsewhere.',
    "Little's law: what is needed at once is rate times holding time. A dependency's latency is a factor of your pool's size.",
    'Do not wait for one thing with another in your hand: no call over the network with a connection, a lock or a transaction open.',
    'A shared pool carries a failure to those who never needed the part that fails. That is its blast radius.',
  ],
})
