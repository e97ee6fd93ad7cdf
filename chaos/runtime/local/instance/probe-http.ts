import { get } from 'node:http'

/** Status and body of a GET on 127.0.0.1, without keep-alive; undefined when nothing answers in time. */
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
