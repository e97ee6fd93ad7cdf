import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'

import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { closedObject } from '#chaos/lib/values.ts'
import { ratedNouns, rateKey } from '#chaos/workload/rates.ts'

import { clientDefault, afterStepsWaitMaxMs } from './defaults.ts'
import { withDefault, durationValue, rateValue } from './scenario-values.ts'

const ClientSchema = Type.Object(
  {
    attemptTimeout: Type.Optional(
      durationValue(withDefault('Timeout of one attempt.', clientDefault.attemptTimeoutMs)),
    ),
    deadline: Type.Optional(
      durationValue(
        withDefault('Deadline of the whole operation, retries included.', clientDefault.deadlineMs),
      ),
    ),
    retries: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        description: `Attempts after the first. ${clientDefault.retriesMax} when absent.`,
      }),
    ),
    backoff: Type.Optional(
      durationValue(
        withDefault(
          'Mean delay before the first retry. It doubles with each retry.',
          clientDefault.backoffMs,
        ),
      ),
    ),
    backoffMax: Type.Optional(
      durationValue(
        withDefault('The longest delay between two attempts.', clientDefault.backoffMaxMs),
      ),
    ),
    retryAfter: Type.Optional(
      Type.Boolean({
        description:
          'After a 503 or 429 with Retry-After the client waits for that time, if it fits within the deadline, and retries. With false, it gives up after a definite refusal. true when absent.',
      }),
    ),
    onlyReady: Type.Optional(
      Type.Boolean({
        description: `Sends only to instances that are ready. ${clientDefault.onlyReady} when absent.`,
      }),
    ),
    probeInterval: Type.Optional(
      durationValue(
        withDefault(
          'Time between two readiness probes of an instance by the load balancer.',
          clientDefault.probeIntervalMs,
        ),
      ),
    ),
  },
  { ...closedObject, description: 'How the clients and their load balancer behave.' },
)

/** `workload:` of a scenario file. */
export function workloadSchema(system: System): TSchema {
  const { operations } = system
  const rates = operations.map((operation) => [
    rateKey(operation),
    Type.Optional(rateValue(`Rate of ${ratedNouns(operation)}. None when absent.`)),
  ])
  return Type.Object(
    {
      ...(Object.fromEntries(rates) as Record<string, TSchema>),
      duration: durationValue('How long the load with faults lasts.'),
      afterSteps: Type.Optional(
        durationValue(
          `The load continues for at least this long after the last timed step. Use it with steps that count from the previous step: on a slow machine they come later. It adds at most ${formatDuration(afterStepsWaitMaxMs)} to duration. When absent, the load does not wait for steps.`,
        ),
      ),
      ...workloadOf(system).keys,
      client: Type.Optional(ClientSchema),
    },
    { ...closedObject, description: 'The load. Arrivals do not wait for responses.' },
  )
}

/** `workload:` of a file that matches the schema. Its other keys are rates, or keys of the system. */
export interface WorkloadFile extends Readonly<Record<string, unknown>> {
  readonly duration: string
  readonly afterSteps?: string
  readonly client?: Static<typeof ClientSchema>
}
