import { defineLab } from '#chaos/contracts/lab.ts'

export const retryStorm = defineLab({
  id: 'retry-storm',
  track: 'backend-reality',
  title: 'Retry storm: retries keep the outage alive',
  goal: 'When payments works again, quotes are complete again: soon, and every time.',
  breaks: 'naive retries turn a short slowdown into an outage that does not end',
  lesson: 'retry budget, backoff with jitter, circuit breaker',
  minutes: 40,
  seams: [{ seam: 'ask-payments', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'backoff-only',
      fails: 'availability',
      because:
        'It uses exponential backoff with full jitter. That spreads the requests but does not reduce them: new customers keep arriving, and each causes four requests.',
    },
    {
      name: 'long-break',
      fails: 'availability',
      because:
        'Its circuit breaker stays open for 3 seconds (30 in production). It protects payments, but the API does not find out that payments works again.',
    },
  ],
  sweep: 'no-flow',
  alternatives: ['ask-less'],
  prediction: {
    question:
      'Customers request 20 quotes per second. For each quote the API sends one request to payments, or up to four if no response arrives within 350 ms. Payments can process 25 requests per second, and it also processes requests that the API no longer waits for. For 1.4 seconds its responses are three seconds late. After that it is as fast as before. What do quotes look like two seconds later?',
    answers: [
      'Complete: payments works, and 20 is less than 25.',
      'Complete, after about a second in which the backlog is processed.',
      'Hardly any quote is complete, although nothing is broken any more.',
      'About half of the quotes are complete: every second request succeeds.',
    ],
    right: 2,
    because:
      'Up to 80 requests per second arrive, because every quote fails four times, and payments can process 25. So its queue stays full, every response is later than 350 ms, and every quote fails four times. The fault only started the outage. The retries keep it alive.',
  },
  hints: [
    'Payments works: it processes 20 to 25 requests per second all the time. Look at which requests it processes. During a run, curl -s http://127.0.0.1:20005/metrics | grep slots_ shows how many requests wait in its queue. How long does a request wait in a queue of that length, and how long does the API wait for the response?',
    'Calculate: 20 customers per second, times the number of attempts. Above 25, the queue of payments only grows, and a full queue takes longer than 350 ms. Below that, the queue empties. Backoff moves attempts to a later time, when other customers arrive. What reduces the attempts, but only when most of them fail?',
    'createRetryBudget({ share: 0.1, savedMax: 5 }) from #services/lib/retry-budget.ts: call deposit() for every first attempt, and retry only if withdraw() allows it. createBreaker({ failuresMax: 10, openMs: 1_000 }, now) from #services/lib/breaker.ts stops the requests when no response comes back, and tries again soon.',
  ],
  learned: [
    'A retry is load. It arrives exactly when there is already too much load.',
    'If attempts times arrivals is above the capacity, a short fault can start an outage that keeps itself alive, even if the arrivals alone are below it.',
    'Backoff with jitter spreads the attempts of one burst. When customers keep arriving, only fewer attempts help: use a retry budget.',
    'One recovery is not a proof. Inject the fault again.',
  ],
  buildsOn: ['slow-dependency'],
})
