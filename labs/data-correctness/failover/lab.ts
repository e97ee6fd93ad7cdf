import { defineLab } from '#chaos/contracts/lab.ts'

export const failover = defineLab({
  id: 'failover',
  track: 'data-correctness',
  title: 'Failover: the new primary has never received an acknowledged order',
  goal: 'A failover of Postgres loses no order that a customer has a 201 for, and charges no customer twice.',
  breaks: 'a standby becomes the primary without the last commits',
  lesson:
    'a commit is as durable as the servers that have confirmed it: wait for the second one before the order is visible',
  minutes: 35,
  seams: [{ seam: 'commit-order', service: 'api' }],
  fails: 'no-lost-orders',
  nearMisses: [
    {
      name: 'wait-a-moment',
      fails: 'no-lost-orders',
      because:
        'It waits 200 ms after the commit. A replica that has stopped receiving does not have the order then either.',
    },
    {
      name: 'look-first',
      fails: 'availability',
      because:
        'It refuses orders while no replica is connected. The new primary has none, so the shop takes no orders until it has one. And a replica that was connected a moment ago does not have this commit.',
    },
    {
      name: 'confirm-after-commit',
      fails: 'charged-at-most-once',
      because:
        'It commits, and waits until the replica has received the commit. Meanwhile a worker has charged the order. After the failover the order is gone, and the retry of the customer is charged again.',
    },
    {
      name: 'cancel-the-wait',
      fails: 'no-lost-orders',
      because:
        'It waits for the replica in the commit, and cancels the wait after 500 ms. Postgres replies COMMIT with a warning: the order is committed on one server.',
    },
  ],
  // The X-ray has no flow with a replica.
  sweep: 'no-flow',
  alternatives: ['remote-apply', 'remote-write'],
  prediction: {
    question:
      'Postgres has a streaming replica. The connection between the two breaks. The primary accepts orders for 1.5 seconds more, at 10 per second. Then the replica becomes the primary, and every connection leads to it. Each order was committed, with fsync, before its customer received the 201. What do you find afterwards?',
    answers: [
      'Every order: a COMMIT is durable, and the client received its reply.',
      'A few orders are missing: those that were in flight when the primary changed.',
      'Some 15 orders with a 201 are missing, and payments has charged most of them.',
      'Nothing is missing, but all orders of these 1.5 seconds exist twice after the retries.',
    ],
    right: 2,
    because:
      'Replication is asynchronous: COMMIT waits for the disk of one server. The replica has received none of the commits of these 1.5 seconds. Workers saw the orders at once and charged them.',
  },
  hints: [
    'Which server has confirmed the order when the client receives its 201? Start the replica in a sandbox (unhappy profile start postgres-replica) and compare: unhappy sql "SELECT state, sync_state, sent_lsn, flush_lsn FROM pg_stat_replication", and SHOW synchronous_commit.',
    'A check after the COMMIT comes too late: a worker has already seen the order. A check before it says nothing about this commit. So the wait belongs in the COMMIT itself, and Postgres has a setting for it, per transaction.',
    "synchronous_standby_names is already '*' on the primary, and synchronous_commit is local. For this transaction only: SET LOCAL synchronous_commit = on, before transaction.commit(), and only if there is a replica. If the replica does not confirm, commit() rejects after a second, and the client sends the order again under the same key.",
  ],
  learned: [
    'A COMMIT is durable on the servers that have confirmed it. With asynchronous replication that is one server.',
    'The wait for a second server must come before the commit is visible. Otherwise others act on data that a failover takes away.',
    'A wait that ends without a confirmation has an unknown outcome: not a success, and not a definite failure either.',
    'Durability is a choice per transaction. Orders wait for the replica; what can be derived again does not.',
  ],
  buildsOn: ['reply-lost', 'double-submit'],
})
