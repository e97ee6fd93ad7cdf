import { defineLab } from '#chaos/contracts/lab.ts'

export const retryStorm = defineLab({
  id: 'retry-storm',
  track: 'backend-reality',
  title: 'Retry storm: the outage that we make ourselves',
  goal: 'When payments is well again, quotes are complete again, soon, and every time.',
  breaks: 'naive retries turn a brown-out into an outage that outlives it',
  lesson: 'budget, backoff with jitter, breaker',
  minutes: 40,
  seams: [{ seam: 'ask-payments', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'backoff-only',
      fails: 'availability',
      because:
        'Exponential backoff with full jitter. It spreads the questions and makes them no fewer: new customers keep coming, and each brings four.',
    },
    {
      name: 'long-break',
      fails: 'availability',
      because:
        'A breaker that stays open for 3 seconds (30 in production). Payments is spared, and nobody finds out that it is well.',
    },
  ],
  alternatives: ['ask-less'],
  prediction: {
    question:
      'Customers ask for 20 quotes a second, and for each the API asks payments once, or up to four times while no answer comes within 350 ms. Payments can answer about 35 questions a second, and does not notice when somebody has stopped waiting. For 1.4 seconds its answers are three seconds late; after that it is as fast as ever. What do quotes look like two seconds later?',
    answers: [
      'Complete: payments is well, and 20 is less than 35.',
      'Complete, after a second or so in which what had piled up is worked off.',
      'Hardly any is complete, although nothing is broken any more.',
      'About half are complete: every second question gets through.',
    ],
    right: 2,
    because:
      'Up to 80 questions a second arrive, because every quote fails four times, and payments can answer 35. So its line stays full, every answer comes later than 350 ms, and so every quote fails four times. The fault was only the spark. What burns is our own.',
  },
  hints: [
    'Payments is well: it answers about 35 questions a second all the time. Look at who it answers. While a run is on, curl -s http://127.0.0.1:20005/metrics | grep slots_ says how many wait in its line. How long does somebody wait in a line of that length, and how long does the API wait for the answer?',
    'Do the sum: 20 customers a second, times attempts. Above 35 the line in front of payments only grows, and a full line is longer than 350 ms. Below, it empties by itself. Backoff moves attempts to later, when other customers come. What makes them fewer, and only when most of them fail?',
    'createRetryBudget({ share: 0.1, savedMax: 5 }) from #services/lib/retry-budget.ts: deposit() for every first attempt, and a retry only if withdraw() says so. createBreaker({ failuresMax: 10, openMs: 1_000 }, now) from #services/lib/breaker.ts stops asking when nothing comes back, and tries again soon.',
  ],
  learned: [
    'A retry is load. It comes exactly when there is too much load.',
    'Attempts times arrivals above capacity, above arrivals alone: then a short fault can start an outage that keeps itself alive.',
    'Backoff with jitter spreads the attempts of one crowd. Against customers who keep coming only fewer attempts help: a budget.',
    'It recovered once is no proof. Hit it again.',
  ],
  buildsOn: ['slow-dependency'],
})
