import { defineLab } from '#chaos/contracts/lab.ts'

export const labZero = defineLab({
  id: 'lab-zero',
  track: 'first-steps',
  title: 'Lab zero: the cache is not the shop',
  goal: 'Customers can look at products while Redis is away: what only makes things faster must not decide whether they work.',
  breaks: 'a cache that decides whether the shop works',
  lesson: 'what only makes things faster must be allowed to fail',
  minutes: 5,
  seams: [{ seam: 'read-product', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'keep-asking',
      fails: 'latency',
      because:
        'It asks a Redis that is down five times, with pauses, before every single read: customers get their answer, and wait for a store that nobody needs.',
    },
    {
      name: 'swallow-the-error',
      fails: 'availability',
      because:
        'It turns "I could not ask" into "there is no such product": no error in any log, and a shop without products.',
    },
  ],
  alternatives: ['leave-it-alone'],
  prediction: {
    question:
      'Products are read from Redis first, and from Postgres when they are not there. For three seconds the API cannot connect to Redis; Postgres is fine. What do customers who look at a product see?',
    answers: [
      'The product, as fast as ever: nothing depends on Redis.',
      'The product, a little slower: every read goes to Postgres.',
      'Errors, although every product is in Postgres.',
      'Errors only for products that were not in the cache before.',
    ],
    right: 2,
    because:
      'The question to the cache throws, and nothing between it and the customer says what to do then: the way to Postgres is never taken.',
  },
  hints: [
    'Look at what customers get: a 500, at once. It is not slow; something gives up. Where does the error come from, and who could have done something about it? Try: unhappy logs api-1',
    'read-product.ts asks the cache in one place. What are the three ways in which that question can end, and which of them does the code handle?',
    'A cache that cannot be asked is a cache that does not have it. Add a .catch(...) to that one call, that reports the error to cacheFailed and gives undefined.',
  ],
  learned: [
    'A call over the network ends in three ways: yes, no, and "I could not ask". Each needs an answer.',
    'What is only there to make things faster must be allowed to fail.',
    'The measure is what the client sees: every part here was healthy but one, and customers got errors.',
  ],
})
