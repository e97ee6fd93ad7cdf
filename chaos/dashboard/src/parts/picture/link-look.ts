import type { ActiveFault } from '../../../../contracts/fault.ts'
import type { LinkStatus } from '../../../../contracts/links.ts'
import type { Look } from '../../../../contracts/look.ts'

/** How a link is drawn. Dashes and the label show the look as well as the colour does. */
export interface DrawnLook {
  readonly look: Look
  readonly label: string | null
}

/** What decides the look of a link. */
export type KnownLink = Pick<LinkStatus, 'name' | 'enabled' | 'toxics'>

/** The look of a link, from its own status, from the faults on it and from its toxics, in this order. */
export function lookOfLink(link: KnownLink, faults: readonly ActiveFault[]): DrawnLook {
  if (!link.enabled) return { look: 'cut', label: 'down' }
  // Real packets leave no toxic on the link, so such a fault says itself how its links look.
  const fault = faults.find(
    ({ look, targets }) => look !== undefined && targets.includes(link.name),
  )
  if (fault?.look !== undefined) return { look: fault.look, label: fault.kind.replaceAll('-', ' ') }
  const [toxic, ...others] = link.toxics
  if (toxic === undefined) return { look: 'plain', label: null }
  const more = others.length > 0 ? ` +${others.length}` : ''
  return { look: toxic.look, label: `${toxic.label}${more}` }
}
