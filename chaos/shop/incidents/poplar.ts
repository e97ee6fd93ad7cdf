import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const poplar: Incident = {
  id: 'poplar',
  title: 'A planned release of the API',
  story:
    'Both instances of the API restart one after the other with a new setting. Customers are served by the other one. Nothing is wrong.',
  notice: 'Release 320 of the API is being rolled out.',
  faults: [
    {
      kind: 'deploy',
      target: 'api-*',
      params: { environment: { CACHE_TTL_MS: '9000' } },
      oneByOne: true,
      afterMs: [0, 3000],
    },
  ],
  cause: null,
  chain: [],
  symptoms: ['Instances restart.', 'Some connections are closed.'],
  mitigations: [],
}
