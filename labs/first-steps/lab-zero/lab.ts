import { defineLab } from '#chaos/contracts/lab.ts'

export const labZero = defineLab({
  id: 'lab-zero',
  track: 'first-steps',
  title: 'Lab zero: a cache must not decide whether the shop works',
  goal: 'Customers can look at products while Redis is down: a cache makes reads faster, and reads must work without it.',
  breaks: 'a cache that decides whether the shop works',
  lesson: 'an optimisation must be allowed to fail',
  minutes: 5,
  seams: [{ seam: 'read-product', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'keep-asking',
      fails: 'latency',
      because:
        'It queries a Redis that is down five times, with pauses, before every read. Customers get the product, but they wait for a store that the read does not need.',
    },
    {
      name: 'swallow-the-error',
      fails: 'availability',
      because:
        'It turns "the cache is unavailable" into "there is no such product". No log shows an error, and the shop shows no products.',
    },
  ],
  sweep: { flow: 'browse', exchanges: [{ link: 'api:redis' }, { link: 'api:postgres' }] },
  alternatives: ['leave-it-alone'],
  prediction: {
    question:
      'The API reads products from Redis first, and from Postgres when they are not in Redis. For three seconds the API cannot connect to Redis. Postgres works. What do customers see who look at a product?',
    answers: [
      'The product, as fast as before: nothing depends on Redis.',
      'The product, a little slower: every read goes to Postgres.',
      'Errors, although every product is in Postgres.',
      'Errors, but only for products that were not in the cache before.',
    ],
    right: 2,
    because:
      'The call to the cache throws, and no code between that call and the customer handles the error. So the API never reads from Postgres.',
  },
  hints: [
    'Look at what customers receive: a 500, at once. The request is not slow; it fails. Where does the error come from, and which code could have handled it? Try: unhappy logs api-1',
    'read-product.ts calls the cache in one place. In which three ways can that call end, and which of them does the code handle?',
    'If the cache is unavailable, treat the product as not cached. Add a .catch(...) to that one call. Report the error to cacheFailed and return undefined.',
  ],
  learned: [
    'A call over the network ends in three ways: a result, no result, or an error. Each of them needs handling.',
    'An optimisation must be allowed to fail.',
    'Measure what the client sees: every part but one was healthy here, and customers received errors.',
  ],
})
