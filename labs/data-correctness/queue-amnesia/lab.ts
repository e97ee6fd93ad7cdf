import { defineLab } from '#chaos/contracts/lab.ts'

export const queueAmnesia = defineLab({
  id: 'queue-amnesia',
  track: 'data-correctness',
  title: 'Queue amnesia: Redis forgot, and nobody noticed',
  goal: 'Every order that a customer is told is placed is worked on to its end, whatever Redis forgets.',
  breaks: 'Redis forgets the queue',
  lesson: 'the queue is a copy: reconcile from the source of truth',
  minutes: 35,
  seams: [{ seam: 'reconcile', service: 'worker' }],
  fails: 'no-lost-orders',
  nearMisses: [
    {
      name: 'only-placed',
      fails: 'no-lost-orders',
      because:
        'It queues again what rests as placed. An order that a worker has begun is charging, and when it was to be tried again was written in Redis only.',
    },
    {
      name: 'at-start-up',
      fails: 'no-lost-orders',
      because:
        'It rebuilds the queue when a worker starts. Redis forgets when Redis wants to, and no worker starts because of it.',
    },
    {
      name: 'cancel-the-forgotten',
      fails: 'orders-paid',
      because:
        'It rejects what rests without a charge. The books agree, and customers who were told yes get nothing.',
    },
  ],
  alternatives: ['ask-again'],
  prediction: {
    question:
      'Payments does not answer for 1.6 seconds, so that jobs pile up: some wait, some are in work, some are to be tried again. In the middle of it Redis is emptied, and goes on as if nothing had been. Every order came through the outbox, whose rows say when the queue took them. The reconciler looks for rows that were never published. What is true ten seconds later?',
    answers: [
      'Nothing is lost: the outbox has every order, so the relay sends them again.',
      'Only the orders that no worker had begun are lost; the others are in the memory of a worker.',
      'Orders that waited and orders that were to be tried again are both lost; a few warnings in a log are all that tells of it, and the workers are idle and well.',
      'The workers notice that the queue is gone, crash, and rebuild it when they start.',
    ],
    right: 2,
    because:
      'An outbox row that is published is done, as far as the outbox knows. A job that waits and a job that is to be tried again are both nothing but keys in Redis. An empty queue is no error: it looks exactly like a shop without work.',
  },
  hints: [
    'Compare three numbers: unhappy sql "SELECT status, count(*) FROM orders GROUP BY status", unhappy sql "SELECT count(*) FROM outbox WHERE published_at IS NULL", and unhappy redis "LLEN bull:orders:wait". Which of these places knows that there is still work to do, and which one does the reconciler ask?',
    'published_at says that Redis once took the job. It says nothing about whether Redis still has it, and nobody can say that for Redis. What says that the work is not done is the order itself: its status, and since when it has not moved. More than one status is on its way.',
    'takeStuckOrders(desk.database, desk.afterMs) from #services/worker/orders/stuck-orders.ts finds orders that rest as placed or charging. Put it where the query is. An order that is already in the queue may be queued again: the job has the same id, and the worker looks whether it was done.',
  ],
  learned: [
    'A queue is a copy of work that is still to be done. If it cannot be rebuilt from the source of truth, it is a second source of truth, in a place that may forget.',
    '"Handed over" is a fact about the past. What counts is whether the effect is there.',
    'An empty queue is not a sign of health. Alarm on the age of the oldest unfinished order.',
    'A reconciler may only repeat what is idempotent; then it needs no certainty that something is missing.',
  ],
  buildsOn: ['dual-write'],
})
