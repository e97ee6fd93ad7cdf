import type { LinkStatus, Toxic } from '#chaos/contracts/links.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { createRequester } from './requester.ts'
import { parseAttributes } from './toxic-attributes.ts'

/** A new toxic as a command line describes it. */
export interface ToxicArguments {
  readonly link: string
  readonly type: string
  /** `name=value`, such as `latency=100`. */
  readonly attributes: readonly string[]
  /** Default `<type>_<stream>`. */
  readonly name?: string
  readonly stream?: Toxic['stream']
  readonly toxicity?: number
  readonly expiresInMs?: number
}

const timeoutMs = 10_000

/** Every link of a running data plane, with its toxics and live figures. */
export async function listLinks(url: string): Promise<readonly LinkStatus[]> {
  return (await createRequester(url, timeoutMs)('GET', '/links')) as LinkStatus[]
}

/** One link. Throws an InputError with the known names if there is no such link. */
export async function inspectLink(url: string, name: string): Promise<LinkStatus> {
  const links = await listLinks(url)
  const link = links.find((one) => one.name === name)
  if (link !== undefined) return link
  throw unknownName(
    'link',
    name,
    links.map((one) => one.name),
  )
}

/** Adds a toxic to a link; returns it as the data plane describes it. Throws an InputError if the data plane refuses it. */
export async function addToxicTo(url: string, toxic: ToxicArguments): Promise<Toxic> {
  const { link, type, attributes, ...rest } = toxic
  const body = { ...rest, type, attributes: parseAttributes(type, attributes) }
  await inspectLink(url, link)
  return (await createRequester(url, timeoutMs)('POST', pathOf(link), body)) as Toxic
}

/** Removes a toxic. Throws an InputError with the toxics of the link if there is no such toxic. */
export async function removeToxicFrom(url: string, link: string, toxic: string): Promise<void> {
  const { toxics } = await inspectLink(url, link)
  if (toxics.length === 0) throw new InputError(`Link "${link}" has no toxic.`, { status: 404 })
  if (!toxics.some(({ name }) => name === toxic))
    throw unknownName(
      'toxic',
      toxic,
      toxics.map(({ name }) => name),
    )
  await createRequester(url, timeoutMs)('DELETE', `${pathOf(link)}/${encodeURIComponent(toxic)}`)
}

function pathOf(link: string): string {
  return `/proxies/${encodeURIComponent(link)}/toxics`
}
