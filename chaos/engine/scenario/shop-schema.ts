import { Type } from 'typebox'
import type { Static } from 'typebox'

import { countMax, entriesMax, nameLengthMax, pathLengthMax } from '#chaos/contracts/max.ts'
import { environmentParameter } from '#chaos/faults/lib/parameters.ts'
import { closedObject } from '#chaos/lib/values.ts'

import { supervisorDefault } from './defaults.ts'
import { withDefault, durationValue } from './scenario-values.ts'

/** The largest whole number of the database's column. */
const stockMax = 2 ** 31 - 1

const EnvironmentSchema = environmentParameter('Environment variables.')

const SupervisorSchema = Type.Object(
  {
    restarts: Type.Optional(
      Type.Boolean({
        description: `Restarts an instance that ended by itself. ${supervisorDefault.restarts} when absent.`,
      }),
    ),
    livenessFailures: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: countMax,
        description: `Restarts an instance whose liveness probe fails this often in a row; 0: never. ${supervisorDefault.livenessFailuresMax} when absent.`,
      }),
    ),
    probeInterval: Type.Optional(
      durationValue(
        withDefault('Time between two liveness probes.', supervisorDefault.probeIntervalMs),
      ),
    ),
    probeTimeout: Type.Optional(
      durationValue(withDefault('Timeout of a probe.', supervisorDefault.probeTimeoutMs)),
    ),
    restartDelay: Type.Optional(
      durationValue(
        withDefault(
          'Delay before a restart. It doubles with each further restart of the instance.',
          supervisorDefault.restartDelayMs,
        ),
      ),
    ),
    restartDelayMax: Type.Optional(
      durationValue(
        withDefault(
          'The longest delay before a restart. An instance that was ready for twice this time begins with the first delay again.',
          supervisorDefault.restartDelayMaxMs,
        ),
      ),
    ),
  },
  { ...closedObject, description: 'When the supervisor restarts an instance.' },
)

/** `shop:` of a scenario file. */
export const ShopSchema = Type.Object(
  {
    off: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[a-z][a-z0-9_-]*$',
          maxLength: nameLengthMax,
          wanted: 'the name of a safety net, such as reconciler or net_stock_never_negative',
        }),
        {
          maxItems: entriesMax,
          description: 'Safety nets to turn off: reconciler, or a constraint net_....',
        },
      ),
    ),
    environment: Type.Optional(
      Type.Record(Type.String(), EnvironmentSchema, {
        maxProperties: entriesMax,
        description: 'Additional environment variables by service (api) or instance (api-1).',
      }),
    ),
    profiles: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[a-z][a-z0-9-]*$',
          maxLength: nameLengthMax,
          wanted: 'the name of a profile, such as callbacks',
        }),
        {
          maxItems: entriesMax,
          description:
            'Profiles that run during the run: parts of the system that run only when asked. `unhappy profile list` shows them.',
        },
      ),
    ),
    frozen: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: pathLengthMax,
        description:
          'Folder of seam files, relative to the project root. Every instance runs them after the steady state, until deploy: { code: judged } starts the judged code.',
      }),
    ),
    stock: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: stockMax }), {
        maxProperties: entriesMax,
        description: 'Stock by product, where it differs from the seed data.',
      }),
    ),
    supervisor: Type.Optional(SupervisorSchema),
  },
  { ...closedObject, description: 'The set-up of the shop for this scenario.' },
)

export type ShopFile = Static<typeof ShopSchema>
