import { defineLab } from '#chaos/contracts/lab.ts'

export const stalledWorker = defineLab({
  id: 'stalled-worker',
  track: 'backend-reality',
  title: 'Stalled worker: too busy to say that it lives',
  goal: 'A huge order is assessed once and charged once, and the orders behind it need not wait for it.',
  breaks: 'one huge order blocks the event loop, and its job runs twice',
  lesson: 'never block what renews the lock',
  minutes: 35,
  seams: [{ seam: 'assess-risk', service: 'worker' }],
  fails: 'amplification',
  nearMisses: [
    {
      name: 'async-functions',
      fails: 'amplification',
      because:
        'It compares every line in an async function. That is another way to write the same loop: nothing in it waits for anything outside, so nothing outside gets a turn.',
    },
    {
      name: 'next-tick',
      fails: 'amplification',
      because:
        'It makes room with process.nextTick. Ticks and promises are dealt with before the event loop goes on to timers and sockets, and there is always one more.',
    },
    {
      name: 'first-fifty',
      fails: 'suspicious-set-aside',
      because:
        'It looks at the first fifty lines only. The suspicious order has a few others at the top, and is charged and shipped.',
    },
  ],
  alternatives: ['worker-thread'],
  prediction: {
    question:
      'Each of two workers takes up to eight orders at once and holds a lock on each, which it renews every few hundred milliseconds. One order has 800 texts, and comparing each with every other keeps a core busy for about two seconds, in one loop. A lock that was not renewed for 500 ms is lost. What happens with the huge order, and with the small ones?',
    answers: [
      'It takes two seconds; the small ones go on beside it, because the function is async and eight orders run at once.',
      'It takes two seconds, and the small ones of that worker wait for so long; the other worker does all else.',
      'It is taken to be lost and given to the other worker, which then stands still as well; hardly anybody is served meanwhile, and payments is asked about it three times.',
      'The worker is killed because it does not answer, and the order is parked.',
    ],
    right: 2,
    because:
      'The timer that renews the lock is in the same thread as the loop. After 500 ms Redis has forgotten the lock, and the other worker puts the job back and takes it: now both stand still. When the first one is done it charges the order, finds its lock gone, and meanwhile the job has come back again.',
  },
  hints: [
    'grep -h "lost its worker" logs/worker-*.log in the run\'s folder, with their times, and look what else each worker logged in these seconds: nothing. Which thread would have renewed the lock, and what was it doing?',
    'async does not mean beside. JavaScript runs until it has nothing left to do: the loop, then every tick, then every promise. Only then come timers and sockets. What has to happen in between, so that they get their turn, and how often at least?',
    "import { setImmediate as breathe } from 'node:timers/promises' and await breathe() after each line. A thread of its own (node:worker_threads) is as good. Do not compare less: the suspicious order has to be found.",
  ],
  learned: [
    'A lock that is renewed by a timer says that the event loop turns, not that the process lives.',
    'At least once is not only for crashes: a busy worker and a dead one look alike from outside.',
    'await gives way to other promises. Only setImmediate, a timer or real I/O gives way to the event loop.',
    'One thread is shared by everybody: the cost of a slow function is paid by those who stand beside it.',
  ],
})
