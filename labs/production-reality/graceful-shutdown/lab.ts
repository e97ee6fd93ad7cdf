import { defineLab } from '#chaos/contracts/lab.ts'

export const gracefulShutdown = defineLab({
  id: 'graceful-shutdown',
  track: 'production-reality',
  title: 'Graceful shutdown: every deploy a small outage',
  goal: 'An instance leaves, and nobody who uses the shop can tell.',
  breaks: 'a rolling restart loses what is in flight',
  lesson: 'leave the balancer, drain, and only then go',
  minutes: 30,
  seams: [{ seam: 'shutdown', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'drain-at-once',
      fails: 'availability',
      because:
        'It stops listening with the signal. The balancer looks twice a second; until it has looked, it sends requests to a door that is closed.',
    },
    {
      name: 'close-meanwhile',
      fails: 'availability',
      because:
        'It closes the connections while it waits for the requests that need them, to save time.',
    },
    {
      name: 'forget-the-jobs',
      fails: 'takeovers-at-most',
      because:
        'It drains requests. A worker has none: what it has in progress are jobs, and they are cut in the middle and begun again elsewhere.',
    },
  ],
  alternatives: ['lame-duck'],
  prediction: {
    question:
      'Four instances are restarted, never two of a kind at the same time. An order takes two seconds. On SIGTERM an instance says at once that it is not ready, closes its connections, and exits. Customers do not try again. Five orders come in per second, 42 in all. What becomes of them?',
    answers: [
      'All 42 are placed: there is always another instance, and the balancer knows it.',
      'One or two fail: those that were sent before the balancer looked.',
      'More than a third fail, and none of these exists: what was not committed is rolled back.',
      'More than a third fail, and some of these exist all the same, and are charged.',
    ],
    right: 3,
    because:
      'The other instance helps those who come later. Whoever was in the middle at one of the two API instances loses the connection, and an order is in the middle for two seconds. Closing takes a moment, in which some of their transactions commit. Those orders exist, and nobody was told.',
  },
  hints: [
    'Look at the failed orders in history.jsonl: when did they begin, and when did the instance get its signal? Then look at the workers. Nothing failed there that a customer could see: what did an order that was taken over cost, and who noticed?',
    'Leaving has three partners: the balancer, which has to look before it knows; customers whose answer is not written yet; the queue, whose jobs have a lock. `Leaving` in services/lib/seams.ts has a step for each. What must be over before which step may begin?',
    'Say that you are not ready, and go on serving for `leaveBalancerMs`. Then stop taking new work, requests and jobs, and wait for both, but no longer than `graceMs`, because SIGKILL comes after that. Close what they needed last.',
  ],
  learned: [
    'SIGTERM is a request to leave, and the process decides how. Without an answer to it, every deploy is a crash.',
    'A balancer knows late. Between "not ready" and "no longer asked" an instance has to serve.',
    'What is drained needs what is closed: connections are closed last.',
    'A worker is drained as well. A job that is cut waits for the end of its lock, and is done again from the start.',
    'There is a limit, and it is somebody else’s: SIGKILL. Drain for less than that, and be right when it comes all the same.',
  ],
  buildsOn: ['health-check-cascade'],
})
