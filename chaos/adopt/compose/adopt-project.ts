import { randomUUID } from 'node:crypto'

import { localPort, proxyApiPort } from '#chaos/contracts/ports.ts'
import type { DirectConnections, Runtime } from '#chaos/contracts/runtime.ts'
import { client } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { createLinkControl } from '#chaos/proxy/client/link-control.ts'
import { connectEngine } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Docker } from '#chaos/runtime/docker/engine/connect-engine.ts'
import type { Project } from '#chaos/runtime/docker/project.ts'

import { reportAdoption } from './adoption-report.ts'
import type { AdoptionReport } from './adoption-report.ts'
import { thisController } from './apply/adoption-controller.ts'
import { attachContainer } from './apply/attach-container.ts'
import { listContainers, readComposeProject, startProject } from './apply/compose-project.ts'
import type { ComposeProject, ComposeRequest } from './apply/compose-project.ts'
import { createNetworks } from './apply/create-networks.ts'
import { cutConnections, endWithSs } from './apply/cut-connections.ts'
import type { Cut, EndIn } from './apply/cut-connections.ts'
import { findDirect } from './apply/find-direct.ts'
import { showLinks } from './apply/hide-links.ts'
import { keepAttached } from './apply/keep-attached.ts'
import { linkProxiesOf } from './apply/link-proxies.ts'
import { refuseLiving } from './apply/living-adoptions.ts'
import type { OwnAdoption } from './apply/owned.ts'
import { releaseProject } from './apply/release.ts'
import { requireImage } from './apply/require-image.ts'
import { settledContainers } from './apply/settled-containers.ts'
import { startLinks } from './apply/start-links.ts'
import { surveyProject } from './apply/survey/survey-project.ts'
import { doorNetworkOf } from './plan/adoption-plan.ts'
import type { AdoptionPlan } from './plan/adoption-plan.ts'
import { countDirect, keysOf } from './plan/connections.ts'
import type { DirectSocket } from './plan/connections.ts'
import { mainPorts } from './plan/main-ports.ts'
import type { ObservedContainer } from './plan/observed-container.ts'
import { instancesOfPlan, planAdoption } from './plan/plan-adoption.ts'
import { topologyOfPlan } from './plan/topology-of-plan.ts'
import { type AdoptedInstance, openAdoptedProject } from './runtime/adopted-project.ts'
import { createAdoptedRuntime } from './runtime/adopted-runtime.ts'
import type { LeadThroughLinksParts } from './runtime/lead-through-links.ts'

export interface AdoptionRequest extends ComposeRequest {
  /** The image of links and sidecars. */
  readonly image: string
  /** Cut the connections that are open and pass no link. */
  readonly cut: boolean
}

export interface AdoptionParts {
  /** Takes a slot whose ports are free. */
  readonly takeSlot: (topology: Topology) => Promise<number>
  readonly linksSecret: string
  /** The home of this controller: `unhappy release` of another home leaves the adoption alone. */
  readonly home: string
  readonly clock: Clock
  /** Ends the adoption before it is complete: then nothing of it is left. */
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
  readonly warn: (text: string) => void
}

export interface Adoption {
  readonly plan: AdoptionPlan
  readonly topology: Topology
  readonly slot: number
  /** Disposing it releases the project. */
  readonly runtime: Runtime
  readonly report: AdoptionReport
}

/**
 * Puts links between the services of a Compose project while it runs. It starts the project only if no container of it runs.
 * Rejects with nothing left behind, and while another controller keeps the project adopted.
 */
export async function adoptProject(
  request: AdoptionRequest,
  parts: AdoptionParts,
): Promise<Adoption> {
  const docker = await connectEngine()
  const { onProgress, clock, signal } = parts
  const compose = await readComposeProject(request)
  await requireImage(docker, request.image)
  await refuseLiving(docker, compose.name)
  const left = await releaseProject(docker, { project: compose.name }, clock)
  if (left.containers + left.networks > 0)
    onProgress(`Removed what an earlier adoption left: ${left.networks} networks`)
  const containers = await runningContainers(docker, request, compose, parts)
  signal.throwIfAborted()
  const startedAt = clock.now()
  onProgress('Reading ports and protocols ...')
  const survey = await surveyProject(docker, {
    name: compose.name,
    image: request.image,
    containers,
    clock,
  })
  const plan = planAdoption({
    ...survey,
    project: compose.name,
    containers,
    services: compose.services,
    externalNetworks: compose.externalNetworks,
  })
  if (plan.members.length === 0)
    throw new InputError(`No service of project "${compose.name}" can have links.`, {
      remedy: plan.leftAlone.map(({ what, why }) => `${what}: ${why}`).join('; '),
    })
  signal.throwIfAborted()
  const topology = topologyOfPlan(plan)
  const slot = await parts.takeSlot(topology)
  const owner = {
    project: compose.name,
    id: randomUUID(),
    controller: await thisController({ home: parts.home, folder: request.folder }),
  }
  try {
    const ports = mainPorts(plan, survey.listening)
    const given = { request, owner, plan, topology, slot, startedAt, ports }
    return await applyPlan(docker, { ...parts, ...given })
  } catch (error) {
    await releaseProject(docker, owner, clock)
    // Another controller may have been faster: then its networks are in the way.
    await refuseLiving(docker, compose.name)
    throw error
  }
}

interface Applied extends AdoptionParts {
  readonly request: AdoptionRequest
  readonly plan: AdoptionPlan
  readonly topology: Topology
  readonly slot: number
  readonly startedAt: number
  readonly owner: OwnAdoption
  readonly ports: ReadonlyMap<string, number>
}

async function applyPlan(docker: Docker, applied: Applied): Promise<Adoption> {
  const { request, plan, topology, slot, clock, owner, signal } = applied
  const { project: name } = plan
  applied.onProgress(
    `Adding ${plan.links.length === 1 ? 'one link' : `${plan.links.length} links`} ...`,
  )
  const door = doorNetworkOf(name)
  const names = plan.members.flatMap(({ networks }) => networks.map((network) => network.name))
  const addressOn = await createNetworks(docker, { owner, names, door })
  signal.throwIfAborted()
  const clientPorts = new Map(
    topology.links
      .filter(({ caller }) => caller === client)
      .map((link) => [link.name, localPort(slot, link.portOffset)]),
  )
  const proxyPort = proxyApiPort + slot
  const links = await startLinks(docker, {
    owner,
    image: request.image,
    door,
    hostPort: proxyPort,
    addressOn,
    clientPorts: [...clientPorts.values()],
    proxies: linkProxiesOf(plan, { addressOn, clientPorts }),
    secret: applied.linksSecret,
    clock,
  })
  signal.throwIfAborted()
  await Promise.all(
    plan.members.flatMap((member) =>
      member.containers.map(async ({ id }) => await attachContainer(docker, name, member, id)),
    ),
  )
  signal.throwIfAborted()
  await showLinks(links, name)
  const instances = adoptedInstances(plan)
  const project = openAdoptedProject({ docker, name, image: request.image, instances, topology })
  const control = createLinkControl(`http://127.0.0.1:${proxyPort}`)
  const keeping = await keepAttached({ ...applied, docker, links: links.id, control })
  const direct = openDirect(project, plan, [...addressOn.values()])
  const runtime = await createAdoptedRuntime({
    project,
    plan,
    topology,
    slot,
    proxyPort,
    addressOn,
    ports: applied.ports,
    clock,
    direct,
    refuses: (link) => keeping.refuses(link),
    release: async () => {
      await keeping[Symbol.asyncDispose]()
      await releaseProject(docker, owner, clock)
    },
  })
  const found = await findAndCut(direct.find, request.cut ? direct.endIn : undefined)
  const seen = (await control.list()).filter(({ tls }) => tls !== undefined)
  const report = reportAdoption(plan, {
    ...found,
    tookMs: clock.now() - applied.startedAt,
    withTls: new Set(seen.map(({ name }) => name)),
  })
  const directConnections = async (): Promise<readonly DirectConnections[]> =>
    countDirect(await direct.find(found.before), found.before)
  return { plan, topology, slot, runtime: { ...runtime, directConnections }, report }
}

function adoptedInstances(plan: AdoptionPlan): readonly AdoptedInstance[] {
  return instancesOfPlan(plan).map(({ name, service, container }) => ({
    name,
    service,
    number: container.number,
  }))
}

interface OpenDirect extends Pick<LeadThroughLinksParts, 'cut'> {
  /** `before`: keys of the connections that were open when the links came. */
  readonly find: (before?: ReadonlySet<string>) => Promise<readonly DirectSocket[]>
  readonly endIn: EndIn
}

/** Finds the connections that pass no link, and cuts them. */
function openDirect(
  project: Project,
  plan: AdoptionPlan,
  linkAddresses: readonly string[],
): OpenDirect {
  const find: OpenDirect['find'] = async (before = new Set()) =>
    await findDirect(project, plan, { linkAddresses, before })
  const endIn = endWithSs(project)
  return { find, endIn, cut: async (open) => (await cutConnections(open, { find, endIn })).uncut }
}

/** The connections that pass no link, after those of containers were cut if `endIn` is given. */
async function findAndCut(
  find: OpenDirect['find'],
  endIn: EndIn | undefined,
): Promise<Cut & { readonly before: ReadonlySet<string> }> {
  const open = await find()
  const before = keysOf(open)
  if (endIn === undefined) return { open, before, cut: 0, uncut: [] }
  return {
    ...(await cutConnections(open, { find: async () => await find(before), endIn })),
    before,
  }
}

/** The containers of the project. Starts it when none of them runs, and waits until none is starting any more. */
async function runningContainers(
  docker: Docker,
  request: ComposeRequest,
  { name }: ComposeProject,
  { onProgress, clock, signal }: Pick<AdoptionParts, 'onProgress' | 'clock' | 'signal'>,
): Promise<readonly ObservedContainer[]> {
  const containers = await listContainers(docker, name)
  if (!containers.some(({ running }) => running)) {
    onProgress(`Project ${name} does not run: docker compose up --detach ...`)
    await startProject(request, signal)
  }
  return await settledContainers(docker, name, { clock, signal })
}
