import { defineLab } from '#chaos/contracts/lab.ts'

export const healthCheckCascade = defineLab({
  id: 'health-check-cascade',
  track: 'production-reality',
  title: 'Health check cascade: restarted to death',
  goal: 'What is away for a moment costs the users what needs it, and nothing else.',
  breaks: 'liveness asks the database, and restarts make it worse',
  lesson: 'shallow liveness',
  minutes: 25,
  seams: [{ seam: 'liveness', service: 'api' }],
  fails: 'restarts-at-most',
  nearMisses: [
    {
      name: 'wait-a-little',
      fails: 'restarts-at-most',
      because:
        'It forgives a blip of less than a second. The next one is longer, and then all instances lose their patience at the same time.',
    },
    {
      name: 'ask-redis-instead',
      fails: 'restarts-at-most',
      because:
        'It asks the cache instead of the database: the same mistake with the other store, which has its own bad moments.',
    },
  ],
  alternatives: ['own-heartbeat'],
  prediction: {
    question:
      'Liveness asks Postgres for SELECT 1. For 3.5 seconds Postgres cannot be reached from the API; the processes are fine, and so is Redis. Most customers only look at products, which come from the cache. A supervisor restarts an instance that fails three probes in a row (0.4 s each). What do customers see who look at products?',
    answers: [
      'Nothing: the cache answers, and the restarts take turns.',
      'Slower answers: what is not in the cache has to wait for Postgres.',
      'Errors for a while: both instances are killed at the same time, and there is nobody left to ask the cache.',
      'Errors for exactly the 3.5 seconds in which Postgres is away, and not a moment longer.',
    ],
    right: 2,
    because:
      'Both instances ask the same Postgres, so both give the same answer at the same time. What was an outage of one dependency becomes an outage of everything, and it lasts longer than the blip, because starting takes time.',
  },
  hints: [
    "Find in the journal (journal.jsonl in the run's folder) who killed which instance when, and how far the two lie apart. What did the two have in common? What did the restart change about Postgres?",
    'A liveness probe is a question with one consequence: this process is killed and started again. List what a restart mends. Is "Postgres is away" on the list?',
    'It answers to "is this process beyond help", and nobody but this process can tell. That it answers at all shows that its event loop runs: return true. What its dependencies do belongs into metrics, alarms, and into the answers of the routes that need them.',
  ],
  learned: [
    'Liveness has one consequence, a restart. It may only depend on what a restart mends.',
    'A probe of something shared gives the same answer everywhere at the same time: redundancy does not help against it.',
    'Who needs a dependency finds out when using it, and only that route fails.',
    'A blip gets longer by what is done about it: a restart costs warm caches, pools, and the time to start.',
  ],
})
