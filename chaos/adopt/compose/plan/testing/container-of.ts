import type { ObservedContainer } from '../observed-container.ts'

/** A container that runs, for tests of the plan. */
export function containerOf(
  given: Partial<ObservedContainer> & { readonly service: string },
): ObservedContainer {
  const number = given.number ?? 1
  return {
    id: `${given.service}${number}`,
    name: `p-${given.service}-${number}`,
    number,
    image: 'app',
    running: true,
    starting: false,
    startedMs: 0,
    pid: 1,
    networkMode: 'p_default',
    restartPolicy: 'no',
    networks: [],
    exposed: [],
    published: [],
    hostPorts: [],
    command: [],
    dependsOn: [],
    mounted: [],
    environment: [],
    ...given,
  }
}
