import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const linden: Incident = {
  id: 'linden',
  title: 'One API instance does not reach Postgres',
  story:
    'Messages of api-2 to Postgres have no reply, and no connection is closed. The instance accepts customers as before, and their requests time out.',
  faults: [{ kind: 'timeout', target: 'api-2:postgres', endedBy: ['reroute'] }],
  cause: { place: 'api-2:postgres', kind: 'timeout' },
  chain: [
    { place: 'api-2:postgres', seen: 'Requests have no reply.' },
    { place: 'api-2', seen: 'All connections of its pool wait.' },
    { place: 'client:api-2', seen: 'Requests time out or receive errors.' },
  ],
  symptoms: [
    'About half of the requests fail at their first attempt.',
    'Statements of the other instance are fast.',
  ],
  mitigations: [
    {
      actions: [{ action: 'stop', target: 'api-2' }],
      why: 'customers then use the instance that works.',
    },
    { actions: [{ action: 'reroute', target: 'api-2:postgres' }], why: 'the other path works.' },
  ],
}
