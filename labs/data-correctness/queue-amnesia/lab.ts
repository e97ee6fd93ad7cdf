import { defineLab } from '#chaos/contracts/lab.ts'

export const queueAmnesia = defineLab({
  id: 'queue-amnesia',
  track: 'data-correctness',
  title: 'Queue amnesia: Redis loses the queue without an error',
  goal: 'Every order that is confirmed to a customer is processed to the end, whatever Redis loses.',
  breaks: 'Redis loses the queue',
  lesson: 'the queue is a copy: reconcile from the source of truth',
  minutes: 35,
  seams: [{ seam: 'reconcile', service: 'worker' }],
  fails: 'no-lost-orders',
  nearMisses: [
    {
      name: 'only-placed',
      fails: 'no-lost-orders',
      because:
        'It enqueues orders again that stay in status placed. An order that a worker has begun is in status charging, and only Redis stored when to retry it.',
    },
    {
      name: 'at-start-up',
      fails: 'no-lost-orders',
      because:
        'It rebuilds the queue when a worker starts. Redis can lose data at any time, and no worker starts because of it.',
    },
    {
      name: 'cancel-the-forgotten',
      fails: 'orders-paid',
      because:
        'It rejects orders that stay without a charge. The books agree, but customers with a confirmed order get nothing.',
    },
  ],
  sweep: {
    flow: 'reconcile',
    // What follows is the work of any order.
    exchanges: ['worker:postgres', 'worker:redis', 'worker:payments'].map((link) => ({
      link,
      before: 'bullmq moveToActive',
    })),
  },
  alternatives: ['ask-again'],
  prediction: {
    question:
      'Payments does not respond for 1.6 seconds, so jobs pile up: some wait, some are in progress, some are scheduled for a retry. Meanwhile Redis is emptied and continues without an error. Every order went through the outbox, whose rows record when the queue took them. The reconciler looks for rows that were never published. What is true ten seconds later?',
    answers: [
      'Nothing is lost: the outbox has every order, so the relay sends them again.',
      'Only the orders that no worker had begun are lost; the others are in the memory of a worker.',
      'Waiting orders and orders scheduled for a retry are both lost. Only a few log warnings show it; the workers are idle and healthy.',
      'The workers detect that the queue is gone, crash, and rebuild it when they start.',
    ],
    right: 2,
    because:
      'For the outbox, a published row is done. A waiting job and a job scheduled for a retry are both only keys in Redis. An empty queue is not an error: it looks the same as a shop without work.',
  },
  hints: [
    'Compare three numbers: unhappy sql "SELECT status, count(*) FROM orders GROUP BY status", unhappy sql "SELECT count(*) FROM outbox WHERE published_at IS NULL", and unhappy redis "LLEN bull:orders:wait". Which of these places shows that there is still work to do, and which one does the reconciler query?',
    'published_at says that Redis took the job once. It does not say that Redis still has it. The order itself shows that the work is not done: its status, and the time since its last change. More than one status is in progress.',
    'takeStuckOrders(desk.database, desk.afterMs) from #services/worker/orders/stuck-orders.ts finds orders that stay in status placed or charging. Use it instead of the query. You may enqueue an order that is already in the queue: the job has the same id, and the worker checks whether the order is done.',
  ],
  learned: [
    'A queue is a copy of work to do. If you cannot rebuild it from the source of truth, it is a second source of truth, in a store that may lose data.',
    '"Published" is a fact about the past. What counts is whether the effect exists.',
    'An empty queue does not mean that the system is healthy. Set an alarm on the age of the oldest unfinished order.',
    'A reconciler may only repeat idempotent work. Then it does not need to be certain that something is missing.',
  ],
  buildsOn: ['dual-write'],
})
