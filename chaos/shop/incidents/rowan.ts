import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const rowan: Incident = {
  id: 'rowan',
  title: 'A peak of traffic within the capacity',
  story: 'Twice as many customers come. The shop has room for them. Nothing is wrong.',
  traffic: 2,
  faults: [],
  cause: null,
  chain: [],
  symptoms: ['All rates are twice as high.', 'Times of responses stay the same.'],
  mitigations: [],
}
