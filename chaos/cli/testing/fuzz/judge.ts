import type { Answer } from './exchange.ts'

interface Offer {
  readonly method: string
  readonly path: string
}

/** The JSON object of the first response: a second response may follow. */
function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const [first = ''] = text.split(/HTTP\/1\.1 \d{3} /)
  try {
    const value: unknown = JSON.parse(first.slice(first.indexOf('{'), first.lastIndexOf('}') + 1))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const messageLengthMax = 1_000

function textProblem(name: string, text: unknown): string | undefined {
  if (typeof text !== 'string' || text.trim() === '') return `no ${name}`
  if (text.length > messageLengthMax) return `${name} has ${text.length} characters`
  if (
    /\bat .*\.(ts|js):\d+|Maximum call stack|Cannot read prop|is not a function|is not iterable/.test(
      text,
    )
  )
    return `${name} is of the program: ${text.slice(0, 200)}`
  return undefined
}

/** A response of the controller: an ApiError with message and remedy; 503 only of the truth. */
export function judgeController(answer: Answer, { path, method }: Offer): string | undefined {
  const { status = 0, statuses, body, head } = answer
  if (statuses.some((one) => one >= 500) && !(status === 503 && path === '/api/truth'))
    return `${statuses.join(', ')}: ${body.slice(0, 300)}`
  if (status < 400 || method === 'HEAD' || head.includes('text/html')) return undefined
  if (body === '') return undefined
  const error = jsonOf(body)
  if (error === undefined) return `${status} without JSON: ${body.slice(0, 200)}`
  if (error['status'] !== status) return `${status} says ${String(error['status'])}`
  const problem = textProblem('error', error['error']) ?? textProblem('remedy', error['remedy'])
  return problem === undefined ? undefined : `${status}: ${problem}: ${body.slice(0, 300)}`
}

/** A response of the links API, as Toxiproxy's: a listener that does not start is a 500. */
export function judgeLinks(answer: Answer, { path, method }: Offer): string | undefined {
  const { status = 0, statuses, body, head } = answer
  const isJson = head.includes('application/json')
  const error = isJson ? jsonOf(body) : undefined
  const message = typeof error?.['error'] === 'string' ? error['error'] : ''
  if (statuses.some((one) => one >= 500)) {
    const documented = /^(listen tcp|address |lookup )/.test(message) || path === '/reset'
    if (!documented || status !== 500) return `${statuses.join(', ')}: ${body.slice(0, 300)}`
  }
  if (status < 400 || method === 'HEAD' || !isJson) return undefined
  if (error === undefined) return `${status} without JSON: ${body.slice(0, 200)}`
  const problem = textProblem('error', message)
  return problem === undefined ? undefined : `${status}: ${problem}: ${body.slice(0, 300)}`
}

/** A response of a service of the shop: code and message; 503 when it is overloaded. */
export function judgeService(answer: Answer, { method }: Offer): string | undefined {
  const { status = 0, statuses, body } = answer
  if (statuses.some((one) => one >= 500 && one !== 503))
    return `${statuses.join(', ')}: ${body.slice(0, 300)}`
  // Node itself refuses an unknown `expect`, without a text.
  if (status < 400 || status === 417 || method === 'HEAD' || body === '') return undefined
  const error = jsonOf(body)
  if (error === undefined) return `${status} without JSON: ${body.slice(0, 200)}`
  if ('ready' in error || 'live' in error) return undefined
  const problem = textProblem('error', error['error']) ?? textProblem('message', error['message'])
  return problem === undefined ? undefined : `${status}: ${problem}: ${body.slice(0, 300)}`
}
