import type { ActiveFault } from '../../../../contracts/fault.ts'
import type { LinkStatus } from '../../../../contracts/links.ts'

export interface LinkLook {
  /** Its look; told by dashes and a label as well as by colour. */
  readonly look: 'plain' | 'slow' | 'cut' | 'silent'
  readonly label: string | null
}

/** What a link looks like, from what the data plane says and from the faults on its instances. */
export function lookOf(link: LinkStatus, faults: readonly ActiveFault[]): LinkLook {
  if (!link.enabled) return { look: 'cut', label: 'down' }
  const partition = faults.find(
    (fault) => fault.kind === 'partition' && fault.targets.includes(link.name),
  )
  if (partition !== undefined) return { look: 'silent', label: 'partition' }
  const [toxic] = link.toxics
  if (toxic === undefined) return { look: 'plain', label: null }
  const more = link.toxics.length > 1 ? ` +${link.toxics.length - 1}` : ''
  switch (toxic.type) {
    case 'timeout':
    case 'mute':
      return { look: 'silent', label: `silent${more}` }
    case 'latency':
      return { look: 'slow', label: `+${String(toxic.attributes['latency'] ?? '?')} ms${more}` }
    case 'bandwidth':
      return { look: 'slow', label: `${String(toxic.attributes['rate'] ?? '?')} kB/s${more}` }
    case 'reset_peer':
      return { look: 'cut', label: `reset${more}` }
    default:
      return { look: 'slow', label: `${toxic.type.replace('_', ' ')}${more}` }
  }
}
