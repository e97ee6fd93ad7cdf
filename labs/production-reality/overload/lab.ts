import { defineLab } from '#chaos/contracts/lab.ts'

export const overload = defineLab({
  id: 'overload',
  track: 'production-reality',
  title: 'Overload: the API is busy, and no response is in time',
  goal: 'When three times as many orders arrive as the API can process, it still completes as many in time as before, and refuses the others quickly.',
  breaks: 'three times the capacity arrives, and no response is in time',
  lesson: 'bounded admission: refuse early, serve the rest',
  minutes: 35,
  seams: [{ seam: 'admission', service: 'api' }],
  fails: 'goodput',
  nearMisses: [
    {
      name: 'longer-line',
      fails: 'goodput',
      because:
        'Its queue is bounded at a hundred places. At this rate that is a wait of 24 seconds, and no customer waits that long.',
    },
    {
      name: 'pool-will-do',
      fails: 'goodput',
      because:
        "Every request waits in the pool's own queue until its timeout. A request that gets a connection has already used up the customer's patience.",
    },
  ],
  alternatives: ['newest-first'],
  prediction: {
    question:
      'The API can process about 8 orders per second, and 24 per second arrive, for six seconds. Requests that cannot start yet wait in a queue, first in, first out. A customer waits a second and a half for a response, retries with the same key, and gives up after three seconds. How many orders per second receive a response in time, within a second and a half?',
    answers: [
      'About 8: the API works all the time, and each order takes as long as before.',
      'About 8 at first, and almost none after the first second.',
      'About 4: half of the work is for customers who have left.',
      'None from the beginning: the first orders are already too late.',
    ],
    right: 1,
    because:
      'The queue grows by 16 orders in each second, so each request waits two seconds longer than one that came a second before. After less than a second, every request that starts is too late, or its customer has already left. The API is as busy as before, with orders that no customer waits for.',
  },
  hints: [
    'Plot one number over time: how long did completed requests wait, by the second in which they arrived? Then: how long is the queue (the API reports how many requests wait), and how long does a request wait that joins a queue of that length?',
    'Under overload some requests are not served, whatever you do. You can only choose which ones, and how soon they learn it. A place in the queue is useful only if its turn comes while the customer still waits. How many places is that, with three orders at a time and 700 ms each?',
    'AdmissionLimits has waitingMax and waitMaxMs. Refuse at once when the queue is full, and refuse a request that has waited for waitMaxMs: throw new Refusal("overloaded", ..., { status: 503, definite: true, retryAfterSeconds: 1 }) before any work is done. Remember to remove the refused request from the queue.',
  ],
  learned: [
    'A queue does not raise capacity. When more arrives than can be served, it only adds waiting time, without a limit.',
    'Throughput is what the server completes. Goodput is what a customer still waits for. Under overload the two differ.',
    'Refuse early: a refusal before the work is cheap, and a timeout after all the work is the most expensive response.',
    "The longest useful queue is the customer's patience times the service rate.",
  ],
  buildsOn: ['slow-dependency'],
})
