/** The project that the guard lets the controller handle. */
export interface GuardedProject {
  readonly name: string
  /** Id of the only image of which sidecars are made. */
  readonly image: string
  /** Network on which the guard itself listens. */
  readonly network: string
}

/** Why a request is refused; undefined: it may pass. */
export type Refusal = string | undefined

/** Whether a container is a service of the project or one of its sidecars; undefined: no such container exists. */
export type OwnerOf = (id: string) => Promise<'service' | 'sidecar' | 'stranger' | undefined>

/** What the engine is asked to make. Whatever is not named here is not allowed. */
export interface NewContainer {
  readonly name?: string
  readonly Image?: string
  readonly User?: string
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly StopTimeout?: number
  readonly Labels?: Readonly<Record<string, string>>
  readonly HostConfig?: {
    readonly NetworkMode?: string
    readonly AutoRemove?: boolean
    readonly CapDrop?: readonly string[]
    readonly CapAdd?: readonly string[]
    readonly SecurityOpt?: readonly string[]
    readonly PidsLimit?: number
    readonly Memory?: number
    readonly Binds?: readonly string[]
  }
}

const keys = words('name Image User Entrypoint Cmd Env StopTimeout Labels HostConfig')
const hostKeys = words('NetworkMode AutoRemove CapDrop CapAdd SecurityOpt PidsLimit Memory Binds')
const programs = words('packet-filter packet-filter-flush fill-disk rm node')
const capabilities = words('NET_ADMIN DAC_OVERRIDE')

/** Why a container that somebody wants to make is no sidecar of ours; undefined when it is one. */
export async function sidecarProblem(
  wanted: NewContainer,
  project: GuardedProject,
  ownerOf: OwnerOf,
): Promise<Refusal> {
  const host = wanted.HostConfig ?? {}
  const unknown = [
    ...Object.keys(wanted).filter((key) => !keys.includes(key)),
    ...Object.keys(host).filter((key) => !hostKeys.includes(key)),
  ]
  if (unknown.length > 0) return `a sidecar has no ${unknown.join(', ')}`
  if (wanted.Image !== project.image) return 'sidecars are made of our own image'
  if (wanted.Labels?.['unhappy-path.project'] !== project.name) return 'it is not labelled as ours'
  if (!programs.includes(wanted.Entrypoint?.[0] ?? '')) return 'it runs something else'
  if (wanted.Env?.some((entry) => !entry.startsWith('DOCKER_HOST=')) === true)
    return 'its environment is not ours'
  if (host.CapDrop?.[0] !== 'ALL') return 'it keeps capabilities'
  if (host.CapAdd?.some((one) => !capabilities.includes(one)) === true)
    return 'it asks for capabilities that no sidecar needs'
  // A name is a volume; a path would be a folder of the host.
  if (host.Binds?.some((bind) => !bind.startsWith(`${project.name}_`)) === true)
    return 'it mounts something that is no volume of ours'
  return await networkProblem(host.NetworkMode ?? '', project, ownerOf)
}

async function networkProblem(
  mode: string,
  project: GuardedProject,
  ownerOf: OwnerOf,
): Promise<Refusal> {
  if (mode === 'none' || mode === project.network) return undefined
  const [kind, id = ''] = mode.split(':')
  const own = kind === 'container' && (await ownerOf(id)) === 'service'
  return own ? undefined : 'it enters a network that is not ours'
}

function words(text: string): readonly string[] {
  return text.split(' ')
}
