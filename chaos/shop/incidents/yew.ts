import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const yew: Incident = {
  id: 'yew',
  title: 'Packets of the cache arrive in pieces',
  story:
    'Replies of Redis to the API arrive in many small pieces, as on any real network. The client puts them together. Nothing is wrong.',
  faults: [
    { kind: 'slicer', target: 'api-*:redis', params: { averageBytes: 20 }, afterMs: [0, 3000] },
  ],
  cause: null,
  chain: [],
  symptoms: ['Links to the cache carry many small packets.'],
  mitigations: [],
}
