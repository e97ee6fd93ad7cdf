import { get } from 'node:http'

export const probeTimeoutMs = 1_000

/** Status and body of a GET without keep-alive; undefined when no response arrives in time. */
export async function probeHttp(
  url: string,
  timeoutMs: number,
): Promise<{ status: number; body: string } | undefined> {
  return await new Promise((resolve) => {
    const request = get(
      url,
      { agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (body += chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        response.on('error', () => resolve(undefined))
      },
    )
    request.on('error', () => resolve(undefined))
  })
}
