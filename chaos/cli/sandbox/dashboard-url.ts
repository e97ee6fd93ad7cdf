import type { ApiClient } from '#chaos/api/client/api-client.ts'

/** An address that opens the dashboard once. Each call returns a new one. */
export async function dashboardUrl(client: ApiClient): Promise<string> {
  const { secret } = await client.issueSecret()
  return `${client.file.url}/?secret=${secret}`
}
