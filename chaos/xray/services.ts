import type { Topology } from '#chaos/contracts/topology.ts'

/** The link by services, without the numbers of instances: `worker-2:redis` is `worker:redis`. */
export function serviceLinkOf(link: string, topology: Topology): string {
  return link
    .split(':')
    .map((end) => serviceOf(end, topology))
    .join(':')
}

/** The service of an instance. A store and the client are services of their own. */
function serviceOf(name: string, { instances }: Topology): string {
  return instances.find((instance) => instance.name === name)?.service ?? name
}

/** Every link between the instances of two services. */
export function linksBetween(serviceLink: string, topology: Topology): string[] {
  return topology.links
    .filter(({ name }) => serviceLinkOf(name, topology) === serviceLink)
    .map(({ name }) => name)
}
