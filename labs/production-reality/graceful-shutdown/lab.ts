import { defineLab } from '#chaos/contracts/lab.ts'

export const gracefulShutdown = defineLab({
  id: 'graceful-shutdown',
  track: 'production-reality',
  title: 'Graceful shutdown: without it, every deploy is a small outage',
  goal: 'An instance shuts down, and no customer notices.',
  breaks: 'a rolling restart loses the work in flight',
  lesson: 'leave the load balancer, drain, and only then exit',
  minutes: 30,
  seams: [{ seam: 'shutdown', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'drain-at-once',
      fails: 'availability',
      because:
        'It stops listening when the signal arrives. The load balancer probes twice a second. Until the next probe it sends requests to a closed port.',
    },
    {
      name: 'close-meanwhile',
      fails: 'availability',
      because: 'To save time, it closes connections while requests in flight still need them.',
    },
    {
      name: 'forget-the-jobs',
      fails: 'takeovers-at-most',
      because:
        'It drains requests. A worker has no requests: its work in flight is jobs. They are interrupted, and another worker starts them again.',
    },
  ],
  alternatives: ['lame-duck'],
  prediction: {
    question:
      'Four instances restart, never two of a kind at the same time. An order takes two seconds. On SIGTERM an instance reports at once that it is not ready, closes its connections, and exits. Customers do not retry. Five orders per second arrive, 42 in total. What happens to them?',
    answers: [
      'All 42 are placed: there is always another instance, and the load balancer knows it.',
      'One or two fail: those that were sent before the next probe of the load balancer.',
      'More than a third fail, and none of these orders exists: uncommitted work is rolled back.',
      'More than a third fail, and some of these orders still exist and are charged.',
    ],
    right: 3,
    because:
      'The other instance only helps requests that come later. A request in flight at a restarting API instance loses its connection, and an order is in flight for two seconds. Closing takes a moment, and some of their transactions commit during that moment. Those orders exist, but the customers received an error.',
  },
  hints: [
    'Look at the failed orders in history.jsonl: when did they begin, and when did the instance receive its signal? Then look at the workers. No customer saw a failure there. What did an order cost that another worker had to take over?',
    'A shutdown involves three parties: the load balancer, which notices only at its next probe; customers whose response is not written yet; the queue, whose jobs have a lock. `Leaving` in services/lib/seams.ts has one step for each. Which step must be complete before which other step may begin?',
    'Report that you are not ready, and continue to serve for `leaveBalancerMs`. Then stop accepting new work, requests and jobs, and wait for both, but no longer than `graceMs`, because SIGKILL comes after that. Close last what they needed.',
  ],
  learned: [
    'SIGTERM is a request to exit, and the process decides how. A process that ignores it turns every deploy into a crash.',
    'A load balancer notices late. Between "not ready" and the last request, an instance must still serve.',
    'Work in flight needs open connections: close connections last.',
    'Drain workers as well. An interrupted job waits until its lock expires and then starts again from the beginning.',
    'There is a limit that others set: SIGKILL. Drain for less than that, and stay correct even when it comes.',
  ],
  buildsOn: ['health-check-cascade'],
})
