/** The project that the controller may control through the guard. */
export interface GuardedProject {
  readonly name: string
  /** Id of the only image for sidecars. */
  readonly image: string
  /** Network on which the guard listens. */
  readonly network: string
}

/** Why the request is refused; undefined: it passes. */
export type GuardRefusal = string | undefined

/**
 * Whether a container is a service of the project, one of its sidecars, or neither; undefined if the container does not
 * exist.
 */
export type OwnerOf = (id: string) => Promise<'service' | 'sidecar' | 'stranger' | undefined>

/** The body of a request to create a container. A field that is not listed here is not allowed. */
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
const programs = words('packet-filter packet-filter-flush fill-disk send-later rm node')
const capabilities = words('NET_ADMIN DAC_OVERRIDE')

/** Why a container is not a valid sidecar of the project; undefined when it is. */
export async function sidecarProblem(
  wanted: NewContainer,
  project: GuardedProject,
  ownerOf: OwnerOf,
): Promise<GuardRefusal> {
  const host = wanted.HostConfig ?? {}
  const unknown = [
    ...Object.keys(wanted).filter((key) => !keys.includes(key)),
    ...Object.keys(host).filter((key) => !hostKeys.includes(key)),
  ]
  if (unknown.length > 0) return `a sidecar may not have ${unknown.join(', ')}`
  if (wanted.Image !== project.image) return 'a sidecar must use the image of the project'
  if (wanted.Labels?.['unhappy-path.project'] !== project.name)
    return 'the sidecar does not have the label of the project'
  if (!programs.includes(wanted.Entrypoint?.[0] ?? ''))
    return 'the sidecar runs a program that is not allowed'
  if (wanted.Env?.some((entry) => !entry.startsWith('DOCKER_HOST=')) === true)
    return 'the sidecar sets a variable that is not allowed'
  if (host.CapDrop?.[0] !== 'ALL') return 'the sidecar must drop all capabilities'
  if (host.CapAdd?.some((one) => !capabilities.includes(one)) === true)
    return 'the sidecar adds a capability that is not allowed'
  // A name is a volume of Compose; a path is a folder of the host.
  if (host.Binds?.some((bind) => !bind.startsWith(`${project.name}_`)) === true)
    return 'the sidecar mounts something other than a volume of the project'
  return await networkProblem(host.NetworkMode ?? '', project, ownerOf)
}

async function networkProblem(
  mode: string,
  project: GuardedProject,
  ownerOf: OwnerOf,
): Promise<GuardRefusal> {
  if (mode === 'none' || mode === project.network) return undefined
  const [kind, id = ''] = mode.split(':')
  const own = kind === 'container' && (await ownerOf(id)) === 'service'
  return own ? undefined : 'the sidecar enters a network outside of the project'
}

function words(text: string): readonly string[] {
  return text.split(' ')
}
