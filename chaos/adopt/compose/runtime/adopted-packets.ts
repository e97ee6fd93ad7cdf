import { client } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'
import type { PacketRequest, PacketRules } from '#chaos/runtime/docker/sidecars/packet-rules.ts'

import type { AdoptionPlan } from '../plan/adoption-plan.ts'
import { instancesOfPlan } from '../plan/plan-adoption.ts'

/**
 * Rules for the packets between a service and another one, in the namespaces of all of the caller's containers: those to the
 * links, on the address and port of this link alone, and those that go to the callee's own addresses.
 */
export async function adoptedPacketRules(
  project: Project,
  plan: AdoptionPlan,
  addressOn: ReadonlyMap<string, string>,
  { from, to, direction }: PacketRequest,
): Promise<readonly PacketRules[]> {
  if (from === client || to === client)
    throw new InputError(`"${client}" is outside of the project and has no network namespace.`)
  const outgoing = linksBetween(plan, from, to)
  const links = outgoing.length > 0 ? outgoing : linksBetween(plan, to, from)
  const [link] = links
  if (link === undefined) throw new InputError(`There is no link between "${from}" and "${to}".`)
  // The rules are at the caller. If only the other one calls, it receives what `from` sends.
  const flows = direction === 'both' ? ['out', 'in'] : [outgoing.length > 0 ? 'out' : 'in']
  const peers = await addressesOf(project, plan, link.callee)
  const matches = flows.flatMap((flow) => [
    ...links.map(({ network = '', port }) => match(flow, addressOn.get(network) ?? '', port)),
    ...peers.map((address) => match(flow, address)),
  ])
  return instancesOfPlan(plan)
    .filter(({ service }) => service === link.caller)
    .map(({ name }) => ({ at: name, matches }))
}

function linksBetween(
  { links }: AdoptionPlan,
  caller: string,
  callee: string,
): AdoptionPlan['links'] {
  return links.filter(
    (link) =>
      link.caller === caller &&
      (link.callee === callee || `${link.callee}.${link.port}` === callee),
  )
}

async function addressesOf(
  project: Project,
  plan: AdoptionPlan,
  service: string,
): Promise<readonly string[]> {
  const names = instancesOfPlan(plan).filter((one) => one.service === service)
  const found = await Promise.all(names.map(async ({ name }) => await project.find(name)))
  return found.flatMap((inspection) =>
    Object.values(inspection?.NetworkSettings.Networks ?? {}).flatMap(({ IPAddress }) =>
      IPAddress === '' ? [] : [IPAddress],
    ),
  )
}

function match(flow: string, address: string, port?: number): string {
  const [chain, end, side] = flow === 'out' ? ['OUTPUT', 'd', 'dport'] : ['INPUT', 's', 'sport']
  return `${chain} -${end} ${address}${port === undefined ? '' : ` -p tcp --${side} ${port}`}`
}
