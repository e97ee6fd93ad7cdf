import { defineLab } from '#chaos/contracts/lab.ts'

export const healthCheckCascade = defineLab({
  id: 'health-check-cascade',
  track: 'production-reality',
  title: 'Health check cascade: liveness probes kill healthy instances',
  goal: 'A short outage of one dependency affects only the requests that need it.',
  breaks: 'liveness queries the database, and restarts make the outage worse',
  lesson: 'shallow liveness',
  minutes: 25,
  seams: [{ seam: 'liveness', service: 'api' }],
  fails: 'restarts-at-most',
  nearMisses: [
    {
      name: 'wait-a-little',
      fails: 'restarts-at-most',
      because:
        'It tolerates an outage of less than one second. The next outage is longer, and then all instances fail their probes at the same time.',
    },
    {
      name: 'ask-redis-instead',
      fails: 'restarts-at-most',
      because:
        'It queries the cache instead of the database. That is the same mistake with the other store, which also has outages.',
    },
  ],
  alternatives: ['own-heartbeat'],
  prediction: {
    question:
      'The liveness probe sends SELECT 1 to Postgres. For 3.5 seconds the API cannot reach Postgres. The processes are fine, and so is Redis. Most customers only look at products, which come from the cache. A supervisor restarts an instance that fails three probes in a row (0.4 s each). What do customers see who look at products?',
    answers: [
      'Nothing: the cache serves them, and the instances restart in turn.',
      'Slower responses: what is not in the cache must wait for Postgres.',
      'Errors for a while: both instances are killed at the same time, and no process is left to read the cache.',
      'Errors for exactly the 3.5 seconds in which Postgres is unreachable, and not longer.',
    ],
    right: 2,
    because:
      'Both instances query the same Postgres, so both fail at the same time. The outage of one dependency becomes an outage of everything. It lasts longer than the original outage, because a start takes time.',
  },
  hints: [
    "Find in the journal (journal.jsonl in the run's folder) which instance was killed when, and how much time is between the two kills. What did the two instances have in common? What did the restart change about Postgres?",
    'A liveness probe has one consequence: this process is killed and started again. List what a restart fixes. Is "Postgres is unreachable" on the list?',
    'The probe answers the question "is this process beyond recovery?", and only the process itself can answer it. The response itself shows that the event loop runs: return true. Report the state of dependencies in metrics, alarms, and the responses of the routes that need them.',
  ],
  learned: [
    'Liveness has one consequence, a restart. It may depend only on what a restart fixes.',
    'A probe of a shared dependency gives the same result everywhere at the same time: redundancy does not help.',
    'A route that needs a dependency finds out when it uses it, and only that route fails.',
    'Restarts make a short outage longer: they cost warm caches, pools, and the time to start.',
  ],
})
