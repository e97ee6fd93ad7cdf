import { type TSchema, Type } from 'typebox'

import { leaseMaxMs } from '#chaos/contracts/fault.ts'
import {
  countMax,
  entriesMax,
  recordedBytesMax,
  recordedMessagesMax,
} from '#chaos/contracts/max.ts'

import { leaseLimitMs } from '../time/lease.ts'
import { toxicKinds } from '../toxics/index.ts'
import { deadAfterMaxMs } from './extension-routes.ts'
import { fieldLengthMax } from './fields.ts'
import { proxiesMax, toxicsMax } from './inputs.ts'

const text = (description: string) => Type.String({ maxLength: fieldLengthMax, description })
const name = (description: string) =>
  Type.String({ minLength: 1, maxLength: fieldLengthMax, description })
const names = (description: string) =>
  Type.Array(name(''), { minItems: 1, maxItems: entriesMax, description })

const lease = Type.Optional(
  Type.Number({
    exclusiveMinimum: 0,
    maximum: leaseLimitMs,
    description: 'It ends by itself after this time, ms.',
  }),
)

const Toxic = Type.Object({
  name: Type.Optional(text('TYPE_STREAM when absent. Without /.')),
  type: Type.Enum(toxicKinds.map((kind) => kind.type)),
  stream: Type.Optional(
    Type.Enum(['upstream', 'downstream'], { description: 'downstream when absent.' }),
  ),
  toxicity: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: 'Share of the connections.' }),
  ),
  // The attributes follow from the type: toxicKinds has a schema for each.
  attributes: Type.Optional(Type.Object({}, { description: 'See [types](#toxics).' })),
  hidden: Type.Optional(
    Type.Boolean({ description: 'No view, event or metric shows it. false when absent.' }),
  ),
  expiresInMs: lease,
})

const Proxy = Type.Object({
  name: name('Without /.'),
  listen: Type.Optional(text('host:port; port 0: any free port.')),
  upstream: name('host:port.'),
  enabled: Type.Optional(Type.Boolean()),
  protocol: Type.Optional(Type.Enum(['http', 'postgres', 'redis'])),
  tls: Type.Optional(
    Type.Enum(['avoid', 'pass'], {
      description:
        'When a Postgres client asks for encryption: `avoid` answers N, so that plain text stays possible; `pass` lets the server answer. Either of them shows in `GET /links` that TLS was seen. Absent: `pass`, and TLS is not looked for.',
    }),
  ),
  toxics: Type.Optional(Type.Array(Toxic, { maxItems: toxicsMax })),
})

const earlier = {
  links: names('Names of links.'),
  exchange: name('Signature; * matches any characters.'),
  transaction: Type.Optional(name('Only messages that contain this text.')),
}

const Trap = Type.Object({
  id: name('Name of the trap.'),
  ...earlier,
  nth: Type.Optional(Type.Integer({ minimum: 1, maximum: countMax })),
  phase: Type.Enum(['before', 'after']),
  // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
  then: Type.Optional(
    Type.Object({
      do: Type.Enum(['cut', 'silence', 'delay', 'deliver', 'replace', 'hold']),
      delayMs: Type.Optional(Type.Integer({ minimum: 1, maximum: leaseMaxMs })),
      reply: Type.Optional(name('The error that the caller receives.')),
      dying: Type.Optional(Type.Enum(['caller', 'callee'])),
    }),
  ),
  expiresInMs: Type.Integer({
    minimum: 1,
    maximum: leaseMaxMs,
    description: 'The trap is disarmed after this time, ms.',
  }),
  afterExchange: Type.Optional(Type.Object(earlier)),
})

const Tap = Type.Object({
  id: Type.Optional(text('Name of the tap.')),
  links: names('Names of links.'),
  transactions: Type.Optional(names('Texts to find in messages.')),
  counts: Type.Optional(
    Type.Boolean({
      description:
        'Count the exchanges and report none. `GET /links` shows the last 5 s: how many ended and failed, their median and p95, and how many wait.',
    }),
  ),
  expiresInMs: Type.Number({
    exclusiveMinimum: 0,
    maximum: leaseLimitMs,
    description: 'The tap ends after this time, ms.',
  }),
})

const Recording = Type.Object({
  messagesMax: Type.Optional(
    Type.Integer({ minimum: 1, maximum: recordedMessagesMax, description: 'Recorded at most.' }),
  ),
  bytesMax: Type.Optional(
    Type.Integer({ minimum: 1, maximum: recordedBytesMax, description: 'Of the recorded text.' }),
  ),
  expiresInMs: Type.Number({
    exclusiveMinimum: 0,
    maximum: leaseLimitMs,
    description: 'The recording ends and is forgotten after this time, ms.',
  }),
})

/**
 * The bodies of the API, for its documentation. The readers (`inputs.ts`, `read-trap-request.ts`) decide; a test compares
 * their bounds with these.
 */
export const bodySchemas: Readonly<Record<string, TSchema>> = {
  'POST /proxies': Proxy,
  'POST /populate': Type.Array(Proxy, { maxItems: proxiesMax }),
  'PATCH /proxies/{proxy}': Type.Object({
    listen: Proxy.properties.listen,
    upstream: Type.Optional(text('host:port.')),
    keepConnections: Type.Optional(
      Type.Boolean({
        description:
          'With another upstream, and with `enabled: false`: live connections go on. Otherwise they close.',
      }),
    ),
    enabled: Proxy.properties.enabled,
    expiresInMs: lease,
  }),
  'POST /proxies/{proxy}/toxics': Toxic,
  'PATCH /proxies/{proxy}/toxics/{toxic}': Type.Object({
    toxicity: Toxic.properties.toxicity,
    attributes: Toxic.properties.attributes,
    expiresInMs: lease,
  }),
  'POST /traps': Trap,
  'POST /traps/{trap}/release': Type.Object({
    // oxlint-disable-next-line unicorn/no-thenable -- a field of the API
    then: Type.Enum(['deliver', 'cut', 'silence']),
  }),
  'POST /taps': Tap,
  'POST /recordings': Recording,
  'POST /heartbeat': Type.Object({
    deadAfterMs: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: deadAfterMaxMs,
        description: 'Everything heals when no heartbeat follows within this time, ms.',
      }),
    ),
  }),
}
