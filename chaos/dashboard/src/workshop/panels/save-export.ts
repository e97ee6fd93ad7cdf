import type { HostApi } from '../host-api.ts'

/** Saves a file of the host as a file of the user. */
export async function saveExport(
  api: Pick<HostApi, 'read'>,
  path: string,
  { name }: { readonly name: string },
): Promise<void> {
  const url = URL.createObjectURL(await api.read(path))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
