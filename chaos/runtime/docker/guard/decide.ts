import { sidecarProblem } from './sidecar-problem.ts'
import type { GuardedProject, NewContainer, OwnerOf, GuardRefusal } from './sidecar-problem.ts'

/** A request to the engine's API, without the version in its path. */
export interface EngineRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body?: unknown
}

const harmless = /^\/(_ping|version)$/
const lists = /^\/(containers\/json|events)$/
const container = /^\/containers\/([A-Za-z0-9_.-]+)(?:\/([a-z]+))?$/

/** Allowed actions on a container of the project, by method. */
const actions: Readonly<Record<string, readonly string[]>> = {
  GET: ['json', 'logs', 'archive', 'stats'],
  HEAD: ['archive'],
  POST: ['start', 'stop', 'kill', 'pause', 'unpause', 'update', 'wait', 'attach'],
  PUT: ['archive'],
}
const limits: ReadonlySet<string> = new Set([
  'Memory',
  'MemorySwap',
  'CpuPeriod',
  'CpuQuota',
  'NanoCpus',
])

/**
 * Passes only the requests of the runtime: it inspects, starts, ends, pauses and limits containers
 * of one Compose project, and creates sidecars from one image with few rights.
 */
export async function decide(
  request: EngineRequest,
  project: GuardedProject,
  ownerOf: OwnerOf,
): Promise<GuardRefusal> {
  const { method, path } = request
  if (harmless.test(path) && (method === 'GET' || method === 'HEAD')) return undefined
  if (lists.test(path) && method === 'GET') return listRefusal(request, project)
  if (path === '/containers/create' && method === 'POST')
    return await sidecarProblem(request.body as NewContainer, project, ownerOf)
  const [, id = '', action = ''] = container.exec(path) ?? []
  if (id === '') return `${method} ${path} is not allowed`
  return await containerRefusal(request, id, action, ownerOf)
}

/** Lists and events contain every container of the machine unless a filter names one project. */
function listRefusal({ query }: EngineRequest, { name }: GuardedProject): GuardRefusal {
  const filters = readJson(query.get('filters') ?? '{}') as { label?: unknown }
  const labels = Array.isArray(filters.label) ? filters.label : Object.keys(filters.label ?? {})
  const own = [`com.docker.compose.project=${name}`, `unhappy-path.project=${name}`]
  return own.some((label) => labels.includes(label))
    ? undefined
    : 'a list needs a filter for this project'
}

async function containerRefusal(
  { method, body }: EngineRequest,
  id: string,
  action: string,
  ownerOf: OwnerOf,
): Promise<GuardRefusal> {
  const owner = await ownerOf(id)
  // The engine itself answers that there is no such container.
  if (owner === undefined) return undefined
  if (owner === 'stranger') return `container ${id} belongs to another project`
  if (method === 'DELETE' && action === '')
    return owner === 'sidecar' ? undefined : 'only sidecars may be removed'
  if (actions[method]?.includes(action) !== true) return `${method} .../${action} is not allowed`
  if (action !== 'update') return undefined
  const excess = Object.keys(body ?? {}).filter((key) => !limits.has(key))
  return excess.length === 0 ? undefined : `changing ${excess.join(', ')} is not allowed`
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
