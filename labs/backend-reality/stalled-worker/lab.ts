import { defineLab } from '#chaos/contracts/lab.ts'

export const stalledWorker = defineLab({
  id: 'stalled-worker',
  track: 'backend-reality',
  title: 'Stalled worker: a blocked event loop cannot renew a lock',
  goal: 'A huge order is assessed once and charged once, and the orders behind it do not have to wait for it.',
  breaks: 'one huge order blocks the event loop, and its job runs twice',
  lesson: 'never block the thread that renews the lock',
  minutes: 35,
  seams: [{ seam: 'assess-risk', service: 'worker' }],
  fails: 'amplification',
  nearMisses: [
    {
      name: 'async-functions',
      fails: 'amplification',
      because:
        'It compares each line in an async function. The loop stays the same: it waits for nothing outside the process, so timers and sockets never run.',
    },
    {
      name: 'next-tick',
      fails: 'amplification',
      because:
        'It yields with process.nextTick. Node runs all ticks and promises before it returns to timers and sockets, and there is always one more tick.',
    },
    {
      name: 'first-fifty',
      fails: 'suspicious-set-aside',
      because:
        'It compares only the first fifty lines. The suspicious order has other lines at the top, so it is charged and shipped.',
    },
  ],
  alternatives: ['worker-thread'],
  prediction: {
    question:
      'Each of two workers processes up to eight orders at once. A worker holds a lock on each job and renews it every few hundred milliseconds. One order has 800 texts. Comparing each text with every other one keeps a core busy for about two seconds, in one loop. A lock that is not renewed for 500 ms expires. What happens to the huge order, and to the small orders?',
    answers: [
      'The huge order takes two seconds. The small orders continue at the same time, because the function is async and eight orders run at once.',
      'The huge order takes two seconds, and the small orders of that worker wait. The other worker processes everything else.',
      'The queue gives the huge order to the other worker, which then blocks as well. Hardly any order is processed meanwhile, and payments receives three charge requests for it.',
      'The supervisor kills the worker because it does not respond, and the order is parked.',
    ],
    right: 2,
    because:
      'The timer that renews the lock runs in the same thread as the loop. After 500 ms the lock in Redis expires. The other worker puts the job back and takes it, and now both workers block. The first one finishes, charges the order and finds that its lock is gone. Meanwhile the job has been delivered again.',
  },
  hints: [
    'Run grep -h "lost its worker" logs/worker-*.log in the run\'s folder and note the times. What else did each worker log in these seconds? Nothing. Which thread should have renewed the lock, and what was it doing?',
    'async does not mean parallel. JavaScript runs until nothing is left to do: the loop, then every tick, then every promise. Only then do timers and sockets run. What must happen in between so that they run, and how often?',
    "import { setImmediate as yieldToEventLoop } from 'node:timers/promises' and await yieldToEventLoop() after each line. A separate thread (node:worker_threads) works as well. Do not compare less: the suspicious order must be found.",
  ],
  learned: [
    'A lock that a timer renews proves that the event loop runs, not that the process is alive.',
    'At-least-once delivery is not only about crashes: from outside, a busy worker looks the same as a dead one.',
    'await lets other promises run. Only setImmediate, a timer or real I/O lets the event loop continue.',
    'All work of a process shares one thread: one slow function delays everything else.',
  ],
})
