/** A stack file after `docker stack config`, as far as its own rules read it. */
export interface Stack {
  readonly services: Readonly<Record<string, StackService>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly secrets: Readonly<Record<string, { readonly file?: string }>>
}

interface StackService {
  readonly user?: string
  readonly privileged?: boolean
  readonly read_only?: boolean
  readonly cap_add?: readonly string[]
  readonly cap_drop?: readonly string[]
  readonly deploy?: {
    readonly endpoint_mode?: string
    readonly resources?: {
      readonly limits?: {
        readonly cpus?: string
        readonly memory?: string
        readonly pids?: number
      }
    }
  }
  readonly environment?: Readonly<Record<string, string>>
  readonly networks?: Readonly<Record<string, unknown>>
  readonly secrets?: readonly { readonly source: string; readonly target?: string }[]
  readonly volumes?: readonly { readonly type: string; readonly source?: string }[]
}

/** What is wrong with a stack file beyond what the CLI checks. */
export function stackProblems(
  { services, networks, secrets }: Stack,
  seats: number,
): readonly string[] {
  const names = Array.from({ length: seats }, (_, seat) => `seat-${seat}`)
  const others = Object.keys(services).filter((name) => !names.includes(name))
  const ofSeats = names.map((name) => services[name] ?? {})
  const shared = ofSeats.flatMap(({ volumes }) => sourcesOf(volumes))
  const files = Object.values(secrets).map(({ file }) => file)
  const expected: readonly (readonly [string, boolean])[] = [
    [`${seats} seats`, names.every((name) => name in services)],
    ['only the seats, a proxy and the workshop', others.toSorted().join() === 'proxy,workshop'],
    ['a folder for each service', new Set(shared).size === seats && shared.length === seats],
    ['a key for each seat', new Set(files).size === seats && files.length === seats],
  ]
  return [
    ...expected.filter(([, isSo]) => !isSo).map(([what]) => `not ${what}`),
    ...names.flatMap((name, seat) =>
      seatProblems(name, seat, services[name] ?? {}, networks).map(
        (what) => `${name}: not ${what}`,
      ),
    ),
    ...Object.entries(services).flatMap(([name, service]) =>
      serviceProblems(service).map((what) => `${name}: not ${what}`),
    ),
  ]
}

function seatProblems(
  name: string,
  seat: number,
  { networks: own, secrets, environment }: StackService,
  networks: Stack['networks'],
): readonly string[] {
  return problemsOf([
    ['alone in a closed network', keysOf(own) === name && networks[name]?.internal === true],
    ['with its own key only', secrets?.map(({ source }) => source).join() === name],
    ['under its own path', environment?.['UNHAPPY_BASE_PATH'] === `/seats/${seat}/`],
  ])
}

function serviceProblems(service: StackService): readonly string[] {
  const { cpus, memory, pids } = service.deploy?.resources?.limits ?? {}
  return problemsOf([
    ['limited', cpus !== undefined && memory !== undefined && pids !== undefined],
    ['without root', service.user !== undefined && !/^(0|root)\b/.test(service.user)],
    ['without privileges', service.privileged !== true && service.cap_add === undefined],
    ['without capabilities', service.cap_drop?.join() === 'ALL'],
    ['read-only', service.read_only === true],
    ['without IPVS', service.deploy?.endpoint_mode === 'dnsrr'],
    ['without the engine', !sourcesOf(service.volumes).some((source) => source.includes('docker'))],
  ])
}

function problemsOf(expected: readonly (readonly [string, boolean])[]): readonly string[] {
  return expected.filter(([, isSo]) => !isSo).map(([what]) => what)
}

function sourcesOf(volumes: StackService['volumes'] = []): readonly string[] {
  return volumes.flatMap(({ type, source = '' }) => (type === 'tmpfs' ? [] : [source]))
}

function keysOf(values: object = {}): string {
  return Object.keys(values).join()
}
